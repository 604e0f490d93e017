"""Requests on the wire: one guarded connection per server, HTTP/1.1 and 2, paces and limits."""
