"""Anybody's RSS and Atom as lists of live blogs."""
