"""Run times of batch jobs: one row per job, normal band, marks by shape and colour."""
