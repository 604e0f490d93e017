"""What was: entries with all that they ever said, moments of the past, and the pages themselves."""
