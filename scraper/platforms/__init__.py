"""One module a platform; `scraper.read` lists them."""
