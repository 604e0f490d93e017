"""Any publisher's section, tag and topic pages: which of their links may be live blogs."""
