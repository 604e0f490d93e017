"""Exports of a topic: one module a format, each a pure function from entries to files' bytes."""
