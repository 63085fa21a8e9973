"""Errors per minute, stacked by cause, before the normal band."""
