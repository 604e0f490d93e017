"""The process that keywire runs in: its loop, memory, server, log, metrics and systemd notices."""
