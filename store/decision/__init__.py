"""Deciding what a page changes in its blog: pure functions from history and now to changes."""
