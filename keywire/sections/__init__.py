"""config.yaml's parts: kinds of fields, units, alerts and their targets, each made into values."""
