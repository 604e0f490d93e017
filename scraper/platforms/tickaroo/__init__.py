"""Tickaroo: pages that embed one of its live blogs, and the answers that its script prefetches."""
