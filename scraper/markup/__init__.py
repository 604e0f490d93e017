"""Tools for any publisher's page: parsed trees, embedded data, html made safe."""
