"""Live blogs of publishers that keywire does not know, by the block that their pages repeat."""
