"""Live blogs by schema.org's LiveBlogPosting, which publishers embed for search engines."""
