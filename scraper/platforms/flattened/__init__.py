"""Live blogs that someone copied as text: no markup, no ids, no times, furniture in between."""
