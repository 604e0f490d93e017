"""What keywire gives out: feeds, the site that serves them, and their formats."""
