"""The parts of config.yaml: kinds of fields, units, alerts and targets, each made into values."""
