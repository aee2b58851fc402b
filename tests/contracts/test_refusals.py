"""Every refusal of the domain has words for a reader, in both languages, that fill in."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import pytest
from flask import Flask
from flask_babel import force_locale

import cohorts
from app.refusals import WORDS, say
from cohorts.ground.refusal import Refusal

ROOT = Path(cohorts.__file__).parent
CODES = {
    code: sentence
    for path in sorted(ROOT.glob("*/refusals.py"))
    for code, sentence in importlib.import_module(
        f"cohorts.{path.parent.name}.refusals").REFUSALS.items()
}


def test_every_code_has_words_and_no_words_are_left_over() -> None:
    assert sorted(CODES.keys() - WORDS.keys()) == []
    assert sorted(WORDS.keys() - CODES.keys()) == []


@pytest.mark.parametrize("lang", ["id", "en"])
def test_the_words_fill_in_and_differ_by_language(app: Flask, lang: str) -> None:
    with app.test_request_context("/"), force_locale(lang):
        for code in WORDS:
            said = say(Refusal(code))
            assert said.title, code
            assert not re.search(r"%\(|\{|\}", said.title + said.advice), code
            assert not said.title.endswith("."), f"{code}: a title is not a sentence"


@pytest.mark.parametrize("code", sorted(WORDS))
def test_words_mention_only_facts_that_the_rule_gives(code: str) -> None:
    saying = WORDS[code]
    wanted = set(re.findall(r"%\((\w+)\)s", f"{saying.title} {saying.advice}"))
    given = CODES.get(code, "").partition("facts: ")[2]
    assert wanted <= set(re.findall(r"\w+", given)), f"{code} needs {wanted}, gives {given!r}"


@pytest.mark.parametrize("code", sorted(WORDS))
def test_a_refusal_is_answered_with_a_status_of_refusal(code: str) -> None:
    assert 400 <= WORDS[code].status < 500
