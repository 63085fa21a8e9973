"""What was asked for: routes with their failures and times, as a table."""
