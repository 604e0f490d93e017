"""Full-text search of entries: splitting text into words, reading queries, and the index."""
