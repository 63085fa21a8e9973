"""PS Buddy: the dashboard that production support keeps open all day."""

__version__ = "0.1.0"
