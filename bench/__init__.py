"""What keywire costs, each area against a floor measured in the same run."""
