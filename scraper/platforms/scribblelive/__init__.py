"""ScribbleLive: pages that embedded one of its events, and its answers as they are kept."""
