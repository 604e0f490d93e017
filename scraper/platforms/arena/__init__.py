"""Arena (arena.im): pages that embed one of its live blogs, and the service's answers."""
