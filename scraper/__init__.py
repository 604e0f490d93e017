"""Fetching of live-blog pages, politely and safely, and reading them by platform."""
