"""The one typed adapter in front of pyqtgraph, and what charts are made of.

`scale`, `ticks` and `colours` are pure; the rest paints.
"""
