"""The parts of one poll: what is asked, where it leads, and what it makes of its source."""
