"""Captures of pages from elsewhere: found in files, folders, WARCs and lists, and imported."""
