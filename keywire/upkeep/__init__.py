"""Background work of a running keywire: sort topics, index words, seal days, drop old rows."""
