"""From nothing to the first chart: three ways in, and the walk from an alias to watched logs."""
