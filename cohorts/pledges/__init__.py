"""Floor 5: commitments: their text, who signs them, and the evidence of it."""
