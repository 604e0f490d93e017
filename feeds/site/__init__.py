"""The HTTP side: feeds, events, state of the sources, pages for people."""
