"""The process that keywire is: its loop, memory, server, log, numbers, and what systemd is told."""
