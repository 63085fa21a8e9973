"""What changed: deployments, births of causes and notes on the time axis."""
