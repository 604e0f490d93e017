"""How bytes come: one guarded connection a server, HTTP/1.1 and 2, paces, and what bounds them."""
