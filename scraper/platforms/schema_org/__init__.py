"""Live blogs by what publishers embed for search engines: schema.org's LiveBlogPosting."""
