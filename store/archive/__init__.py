"""The past: entries with their revisions, states as of a moment, archive feeds and kept pages."""
