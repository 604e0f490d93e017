"""Maintenance of the store: backup, restore, migration, takedowns, and retention."""
