"""What a reader is told when a rule says no: one module per room, gathered in app/refusals.py."""

from app.refusal_words.saying import Saying

__all__ = ["Saying"]
