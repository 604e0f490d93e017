"""Chat services, each by its documented API; messages are edited in place where possible."""
