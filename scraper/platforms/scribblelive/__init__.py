"""ScribbleLive: pages that embedded one of its events, and its answers as archives have them."""
