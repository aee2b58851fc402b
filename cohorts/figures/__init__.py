"""Floor 6: the figures, read only; dataclasses out."""
