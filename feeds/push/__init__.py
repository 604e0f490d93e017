"""What happens, told: one envelope for every channel, signed webhooks, chat messages."""
