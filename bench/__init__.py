"""Benchmarks of keywire, each against a floor that is measured in the same run."""
