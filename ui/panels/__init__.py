"""One folder for each thing on a dashboard: `view.py` thinks (no Qt), `widget.py` paints.

A panel is finished when deleting its folder and one line in the page removes it whole.
"""
