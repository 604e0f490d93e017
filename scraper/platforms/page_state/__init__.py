"""Live blogs in the state that pages embed for their scripts: of known publishers, and of any."""
