"""The commands of the terminal. Each imports what it needs when it runs."""
