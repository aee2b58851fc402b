"""The headers of every answer, directive by directive, on every route."""

from __future__ import annotations

import pytest
from flask import Flask

from app.security import policy
from tests.contracts.test_routes import fill, routes

EXPECTED = {
    "default-src": {"'none'"},
    "script-src": {"'self'"},
    "style-src": {"'self'"},
    "img-src": {"'self'"},
    "font-src": {"'self'"},
    "connect-src": {"'self'"},
    "manifest-src": {"'self'"},
    "worker-src": {"'self'"},
    "form-action": {"'self'"},
    "base-uri": {"'none'"},
    "frame-ancestors": {"'none'"},
}


def parsed(text: str) -> dict[str, set[str]]:
    """Return directive -> sources of a policy."""
    rules = [rule.split() for rule in text.split(";")]
    return {rule[0]: set(rule[1:]) for rule in rules}


def test_only_a_page_that_scans_may_compile_webassembly() -> None:
    assert parsed(policy()) == EXPECTED
    scanning = dict(EXPECTED, **{"script-src": {"'self'", "'wasm-unsafe-eval'"}})
    assert parsed(policy(scanning=True)) == scanning


def test_every_route_carries_the_policy_and_its_companions(app: Flask) -> None:
    client = app.test_client()
    scanning = []
    for route in routes(app):
        method, address = route.split(" ")
        answer = client.open(fill(address), method=method)
        rules = parsed(answer.headers["Content-Security-Policy"])
        if "'wasm-unsafe-eval'" in rules["script-src"]:
            scanning.append(address)
            rules["script-src"].remove("'wasm-unsafe-eval'")
        else:
            assert answer.headers["Permissions-Policy"].startswith("camera=()"), address
        assert rules == EXPECTED, address
        assert answer.headers["X-Content-Type-Options"] == "nosniff", address
        assert answer.headers["Referrer-Policy"] == "no-referrer", address
    assert all(address.startswith("/d/") for address in scanning), scanning


@pytest.mark.parametrize("address", ["/no-such-page", "/u/x.1.y", "/static/nothing.css"])
def test_errors_carry_it_too(app: Flask, address: str) -> None:
    answer = app.test_client().get(address)
    assert answer.status_code == 404
    assert parsed(answer.headers["Content-Security-Policy"]) == EXPECTED


def test_https_is_remembered_by_browsers_only_where_it_is_used(app: Flask) -> None:
    assert "Strict-Transport-Security" not in app.test_client().get("/auth/sign-in").headers
    app.config["SESSION_COOKIE_SECURE"] = True
    answer = app.test_client().get("/auth/sign-in?lang=en")
    assert "max-age=31536000" in answer.headers["Strict-Transport-Security"]
    assert all("Secure" in c for c in answer.headers.getlist("Set-Cookie"))
