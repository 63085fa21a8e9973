"""Plain values shared by every room. Nothing here reads, writes or draws.

Import the room you need (`psbuddy.model.status`), never this package for its names:
`series` and `runs` need numpy, and the first painted window must not.
"""
