"""Al Jazeera's live blogs: answers of its GraphQL service, and pages that embed such answers."""
