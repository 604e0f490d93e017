"""Easy Liveblogs, a plugin for WordPress: its pages, and the answers of its API."""
