"""Pure thinking on values and arrays: no clock, no I/O, no screen. Time is always passed in."""
