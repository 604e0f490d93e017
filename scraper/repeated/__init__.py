"""Finding and reading the block that a page repeats, whoever publishes it."""
