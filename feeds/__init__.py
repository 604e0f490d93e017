"""What keywire publishes: feeds, the site that serves them, pushes to bots, and exports."""
