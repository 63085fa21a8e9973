"""The program that runs on the hosts: Python 3.6 or newer, standard library only.

It knows nothing between requests, writes nothing, and answers framed requests on its
standard streams. See docs/protocol.md.
"""
