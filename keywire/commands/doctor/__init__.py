"""`keywire doctor`: what is fine, what must be repaired and how, one line each. Changes nothing."""
