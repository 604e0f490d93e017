"""The Guardian's live blogs: one module for each renderer that its pages have had since 2013."""
