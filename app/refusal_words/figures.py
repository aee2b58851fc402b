"""Words for the refusals of cohorts/figures."""

from app.refusal_words.saying import Saying

WORDS: dict[str, Saying] = {}
