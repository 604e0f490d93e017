"""What a running keywire does beside following: topics and words sorted, days sealed, let go."""
