"""Alembic's folder: one small file for each change of the schema."""
