"""The BBC's live pages: the model that they are rendered from, in the page or by itself."""
