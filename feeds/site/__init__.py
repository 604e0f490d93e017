"""The HTTP site: feeds, change events, states of the sources, and pages for people."""
