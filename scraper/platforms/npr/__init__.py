"""NPR's standalone live blogs (apps.npr.org), and the RSS that is published beside each page."""
