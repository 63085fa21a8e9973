"""The migrations, oldest first. The number before the underscore is PRAGMA user_version."""
