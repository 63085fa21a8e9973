"""What does this program do on our hosts? State, visits, cost: something to show an auditor."""
