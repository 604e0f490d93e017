"""The store itself kept sound: copied, restored, brought up to date, and what it lets go."""
