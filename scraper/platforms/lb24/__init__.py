"""24liveblog: pages that embed a live blog of its service, and the answers of the service."""
