"""The BBC's live pages, read from the model that they are rendered from."""
