"""Floor 7: the moments when several rooms change together."""
