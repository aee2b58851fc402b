"""Floor 1: regions and organisations, their offices, the people who hold them, and accounts."""
