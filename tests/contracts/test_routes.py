"""No address appears, vanishes or loses its guard unnoticed.

routes.json is the list; after adding a page, rewrite it with

    python -m tests.contracts.test_routes
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from flask import Flask

from app.guard import AUDIENCES
from cohorts.ground.access import ACTIONS
from tests.web.pages import Pages

LIST = Path(__file__).with_name("routes.json")


def routes(app: Flask) -> dict[str, str]:
    """Return "METHOD /address" -> endpoint and mark, for every route but the static files."""
    found = {}
    for rule in app.url_map.iter_rules():
        if rule.endpoint == "static":
            continue
        view = app.view_functions[rule.endpoint]
        mark = getattr(view, "needs", None) or getattr(view, "audience", "UNGUARDED")
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            found[f"{method} {rule.rule}"] = f"{rule.endpoint}: {mark}"
    return dict(sorted(found.items()))


def test_every_route_stands_in_the_list(app: Flask) -> None:
    now, listed = routes(app), json.loads(LIST.read_text())
    assert now == listed, "run: python -m tests.contracts.test_routes"


def test_every_route_says_who_may_open_it(app: Flask) -> None:
    known = {*AUDIENCES, *ACTIONS}
    unguarded = {r: m for r, m in routes(app).items() if m.split(": ")[1] not in known}
    assert unguarded == {}


def test_a_route_without_a_mark_is_not_served(app: Flask) -> None:
    app.add_url_rule("/forgotten", "forgotten", lambda: "secret")
    answer = app.test_client().get("/forgotten")
    assert answer.status_code == 404
    assert "secret" not in answer.text


def test_nobody_who_is_not_signed_in_gets_past_the_sign_in_page(app: Flask) -> None:
    client = app.test_client()
    for route, mark in routes(app).items():
        method, address = route.split(" ")
        if mark.split(": ")[1] not in ACTIONS or method != "GET":
            continue
        answer = client.get(fill(address))
        assert answer.status_code == 302, address
        assert answer.headers["Location"].startswith("/auth/sign-in"), address


def fill(address: str) -> str:
    """Return the address of a rule with something plausible in each place."""
    def value(found: re.Match[str]) -> str:
        converter = found[1] or ""
        return "1" if converter.startswith(("int", "float")) else "ABCDEFGH12345678"

    return re.sub(r"<(?:([^:>]+):)?[^>]+>", value, address)


def test_a_change_needs_a_token_of_the_session(app: Flask) -> None:
    client = app.test_client()
    for route in routes(app):
        method, address = route.split(" ")
        if method == "POST":
            answer = client.post(fill(address))
            assert answer.status_code in (400, 404), f"{address}: {answer.status_code}"


@pytest.mark.parametrize("kind", ["guest", "signer", "station"])
def test_pages_behind_a_link_are_never_kept_or_found(app: Flask, kind: str) -> None:
    client = app.test_client()
    for route, mark in routes(app).items():
        method, address = route.split(" ")
        if method != "GET" or mark.split(": ")[1] != kind:
            continue
        headers = client.get(fill(address)).headers
        assert headers["Referrer-Policy"] == "no-referrer", address
        assert headers["Cache-Control"] == "no-store", address
        assert "noindex" in headers["X-Robots-Tag"], address


def test_every_page_that_is_named_somewhere_exists(app: Flask) -> None:
    root = Path(__file__).parents[2]
    files = [*(root / "templates").rglob("*.html"), *(root / "app").rglob("*.py")]
    named = re.compile(r"""(?:url_for|page_exists|full_url)\(\s*["']([a-z]+\.[a-z_]+)["']""")
    missing = {
        f"{path.relative_to(root)}: {endpoint}"
        for path in files
        for endpoint in named.findall(path.read_text())
        if endpoint not in app.view_functions
    }
    assert missing == set()


NONSENSE = {
    "page": "-1", "at": "2023-02-31", "q": "%_'\\\"<x>", "state": "nowhere", "step": "99",
    "sort": "drop table", "cohort": "x", "from": "x", "next": "//x", "code": "🙂" * 40,
    "status": "?", "owner": "x", "due": "9999-99-99", "region": "99.99", "person": "x", "kind": "x",
}


def test_nothing_breaks_on_what_is_not_there_or_makes_no_sense(app: Flask) -> None:
    staff = Pages(app).signed_in().client
    for route in routes(app):
        method, address = route.split(" ")
        if method != "GET":
            continue
        for query in ({}, NONSENSE):
            answer = staff.get(fill(address), query_string=query)
            assert answer.status_code < 500, f"{address} {query}"


def rewrite() -> None:
    """Write the list from the product as it is."""
    import tempfile

    from app import create_app
    from config import Settings

    with tempfile.TemporaryDirectory() as home:
        app = create_app(Settings.from_environ({"LAB_HOME": home}))
        LIST.write_text(json.dumps(routes(app), indent=1) + "\n")


if __name__ == "__main__":
    rewrite()
