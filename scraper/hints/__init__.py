"""What pages show beside their entries: labels, key events, older pages, next blog, the end."""
