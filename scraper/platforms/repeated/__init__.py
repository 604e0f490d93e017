"""Live blogs of publishers that nobody has taught keywire, by the block that their pages repeat."""
