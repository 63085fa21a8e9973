"""Uptime of each host, as a strip; what was not observed is hatched."""
