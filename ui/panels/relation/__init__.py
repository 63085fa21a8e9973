"""Volume, or transactions meanwhile, against run time, with a fit where there is a relation."""
