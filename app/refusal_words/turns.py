"""Words for the refusals of cohorts/turns."""

from app.refusal_words.saying import Saying

WORDS: dict[str, Saying] = {}
