"""What keywire keeps: entries, their revisions, the change log, topics and sources."""
