"""The database of keywire: entries, their revisions, the change log, topics and sources."""
