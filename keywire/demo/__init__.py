"""An invented live blog: what its publisher writes, how its pages look, and a server for it."""
