"""Words for the refusals of cohorts/pledges."""

from app.refusal_words.saying import Saying

WORDS: dict[str, Saying] = {}
