"""Entries found by their words: text taken apart, what is asked for, and the index that answers."""
