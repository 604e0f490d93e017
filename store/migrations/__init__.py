"""Alembic's migrations, one a schema version."""
