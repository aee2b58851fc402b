"""Floor 4: passes, stations, and the one rule that admits."""
