"""What one poll consists of: what is asked, where it leads, and what it makes of its source."""
