"""`keywire doctor`: what is, what must be mended and how, one line each. It changes nothing."""
