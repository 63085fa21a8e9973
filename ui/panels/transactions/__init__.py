"""Transactions per minute, failures on top, latency on the right axis."""
