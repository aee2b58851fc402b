"""Promises that every template keeps, whether or not a test opens its page."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from jinja2 import Environment

from app import create_app
from config import Settings

ROOT = Path(__file__).parents[2]
TEMPLATES = ROOT / "templates"
HTML = sorted(p for p in TEMPLATES.rglob("*.html"))
PAGES = [p for p in HTML if p.relative_to(TEMPLATES).parts[0] != "mail"]
NAMES = {"Living", "Lab", "Indonesia", "Digital", "Services", "WhatsApp", "Bahasa", "Language"}
"""Words that are the same in both languages and stand in templates as they are."""


def name(path: Path) -> str:
    return path.relative_to(TEMPLATES).as_posix()


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Environment:
    """The product's templates; they need no database."""
    home = tmp_path_factory.mktemp("home")
    return create_app(Settings.from_environ({"LAB_HOME": str(home)})).jinja_env


@pytest.mark.parametrize("path", [*HTML, *TEMPLATES.rglob("*.txt")], ids=name)
def test_it_compiles_and_leads_only_to_templates_that_exist(
    environment: Environment, path: Path
) -> None:
    environment.get_template(name(path))
    source = path.read_text()
    for wanted in re.findall(r'{%-?\s*(?:extends|include|from|import)\s+"([^"]+)"', source):
        assert (TEMPLATES / wanted).is_file(), wanted


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_it_holds_nothing_inline_and_nothing_from_elsewhere(path: Path) -> None:
    source = re.sub(r"{#.*?#}", "", path.read_text(), flags=re.S)
    assert not re.search(r"<[^>]*\sstyle\s*=", source)
    assert not re.search(r"<[^>]*\son[a-z]+\s*=", source)
    assert "<style" not in source
    for script in re.findall(r"<script[^>]*>", source):
        assert "src=" in script or "application/json" in script, script
    for address in re.findall(r'(?:href|src|action)="(https?://[^"]*)"', source):
        assert address.startswith("https://wa.me/"), address
    assert "|safe" not in source.replace(" ", ""), "markup is made by Markup, escaped, in Python"


@pytest.mark.parametrize("path", [*HTML, *TEMPLATES.rglob("*.txt")], ids=name)
def test_every_word_a_person_reads_can_be_translated(
    environment: Environment, path: Path
) -> None:
    spoken, depth = [], 0
    for _line, kind, value in environment.lex(path.read_text()):
        if kind == "name" and value in ("trans", "endtrans"):
            depth += 1 if value == "trans" else -1
        elif kind == "data" and not depth:
            spoken.append(value)
        elif kind in ("variable_begin", "block_begin"):
            spoken.append("\x00")
    text = re.sub(r"<!--.*?-->|<style.*?</style>", "", "".join(spoken), flags=re.S)
    # a document that is shown in its own language, such as a letter as it will be printed
    text = re.sub(r'<(\w+)[^>]*\slang="id"[^>]*>.*?</\1>', "", text, flags=re.S)
    labels = re.findall(r'(?:aria-label|title|placeholder|alt)="([^"\x00]*)"', text)
    attributes = re.compile(r"^[^<>]*>", flags=re.S)  # a body tag that a child's block completes
    plain = re.sub(r"<[^>]*>|&[a-z#0-9]+;|https?://[^\s<]+", " ", attributes.sub("", text))
    found = set(re.findall(r"[^\W\d_]{3,}", plain + " " + " ".join(labels))) - NAMES
    assert not found, found


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_every_icon_it_names_is_in_the_sprite(path: Path) -> None:
    dist = ROOT / "app" / "static" / "dist"
    manifest = json.loads((dist / "manifest.json").read_text())
    sprite = (dist / manifest["icons.svg"]).read_text()
    known = set(re.findall(r'id="i-([a-z0-9-]+)"', sprite))
    source = path.read_text()
    named = set(re.findall(r'\bicon\(\s*"([a-z0-9-]+)"', source))
    named |= set(re.findall(r'icon_name="([a-z0-9-]+)"', source))
    named |= set(re.findall(
        r'\b(?:alert|outcome|state|badge)\(\s*"[a-z]+",\s*"([a-z0-9-]+)"', source))
    assert named <= known, sorted(named - known)


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_every_post_form_holds_the_csrf_field(path: Path) -> None:
    source = path.read_text()
    for form in re.findall(r'<form[^>]*method="post".*?</form>', source, flags=re.S):
        assert "csrf_token" in form or "hidden(form)" in form or "hidden(" in form, form[:200]
