"""What people call from a terminal. Each command imports what it needs when it runs."""
