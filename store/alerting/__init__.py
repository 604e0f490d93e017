"""Who is told of what: rules (pure), the notices they make, and the deliveries that wait."""
