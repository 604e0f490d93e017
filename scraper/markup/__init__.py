"""What a page is made of, whoever wrote it: trees, embedded data, bodies made safe."""
