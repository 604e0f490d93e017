"""A live blog of our own: what a publisher writes, how its page looks, and a server for it."""
