"""Exports of a topic: one module per format, each a pure function from entries to file bytes."""
