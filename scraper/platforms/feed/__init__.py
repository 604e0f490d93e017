"""Any site's RSS and Atom as lists of live blogs."""
