"""Every screen, in both themes, two sizes and all states: for who changes how things look."""
