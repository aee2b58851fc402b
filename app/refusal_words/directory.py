"""Words for the refusals of cohorts/directory."""

from app.refusal_words.saying import Saying

WORDS: dict[str, Saying] = {}
