"""Notices to targets: one envelope for every channel, signed webhooks, chat messages."""
