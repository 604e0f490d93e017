"""Live blogs without structured data, whose entries begin with the time of day."""
