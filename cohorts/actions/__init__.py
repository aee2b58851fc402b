"""Floor 4: action items, their moves, and the agendas and closings that carry them."""
