"""Floor 3: convenings, whom they invite, who answers, and who comes instead."""
