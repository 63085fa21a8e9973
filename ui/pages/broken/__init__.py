"""What is broken, what it means, one button: written with the same care as the rest."""
