"""Liveblog, Automattic's plugin for WordPress: its pages since 1.5, and the answers of its API."""
