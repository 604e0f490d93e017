"""What pages tell beside their entries: labels, key events, older pages, the next blog, the end."""
