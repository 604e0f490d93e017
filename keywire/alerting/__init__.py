"""Sending what alerts, watches and heartbeats report: targets, lanes, the pusher."""
