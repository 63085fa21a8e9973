"""What screens and files show: facts from the store joined with what insight thinks of them."""
