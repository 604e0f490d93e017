"""The way out for what alerts and watches tell: targets, lanes, heartbeats."""
