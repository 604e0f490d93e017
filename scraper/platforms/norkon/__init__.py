"""Norkon's Live Center: pages that embed one of its channels, and its feed of bulletins."""
