"""A topic taken away: one module a format, each a pure function from entries to files' bytes."""
