"""The composition root: configuration, one poll, the schedule, the application and its commands."""
