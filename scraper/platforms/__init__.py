"""One module or package for each platform; `scraper.read` lists them."""
