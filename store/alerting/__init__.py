"""Alerts: their rules (pure), the notices that they make, and the deliveries of these."""
