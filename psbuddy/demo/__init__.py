"""A fleet to try: hosts, logs and jobs that look like a large company's."""
