"""A past blog played as if live, through the same feeds, streams and alerts."""
