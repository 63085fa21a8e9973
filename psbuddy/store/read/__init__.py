"""Reads: short statements on a raw connection, values and numpy arrays out.

Each function takes a connection from `connect_readonly` and fetches all before it computes.
`fleet` imports neither numpy nor SQLAlchemy: it is what the window paints first.
"""
