"""Live blogs of Plone's add-on collective.liveblog."""
