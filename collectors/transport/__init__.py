"""Ways to reach a host. Each gives the same `Channel` to the same program."""
