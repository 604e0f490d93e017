"""NPR's standalone live blogs (apps.npr.org), and the RSS that they publish beside each page."""
