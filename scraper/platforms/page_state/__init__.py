"""Live blogs that pages hold in the state of their own scripts: publishers by name, and any."""
