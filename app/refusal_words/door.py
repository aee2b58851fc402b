"""Words for the refusals of cohorts/door."""

from app.refusal_words.saying import Saying

WORDS: dict[str, Saying] = {}
