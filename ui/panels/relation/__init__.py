"""Volume against run time, with a fit where there is a relation."""
