"""Words for the refusals of cohorts/convenings."""

from app.refusal_words.saying import Saying

WORDS: dict[str, Saying] = {}
