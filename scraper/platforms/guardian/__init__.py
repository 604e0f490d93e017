"""The Guardian's live blogs, one module a renderer that its pages have had since 2013."""
