"""Words for the refusals of cohorts/programme."""

from app.refusal_words.saying import Saying

WORDS: dict[str, Saying] = {}
