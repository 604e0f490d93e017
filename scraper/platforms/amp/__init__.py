"""Live blogs in AMP's live lists."""
