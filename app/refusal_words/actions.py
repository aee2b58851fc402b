"""Words for the refusals of cohorts/actions."""

from app.refusal_words.saying import Saying

WORDS: dict[str, Saying] = {}
