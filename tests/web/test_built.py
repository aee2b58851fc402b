"""Style sheets, scripts and pictures as a browser receives them."""

from __future__ import annotations

import gzip

from flask import Flask

from app.faces import asset


def test_a_style_sheet_comes_compressed_and_may_be_kept_for_a_year(app: Flask) -> None:
    with app.test_request_context():
        address = asset("phone.css")
    client = app.test_client()
    plain = client.get(address, buffered=True)
    packed = client.get(address, headers={"Accept-Encoding": "gzip"}, buffered=True)
    assert packed.headers["Content-Encoding"] == "gzip"
    assert packed.mimetype == plain.mimetype == "text/css"
    assert gzip.decompress(packed.data) == plain.data
    assert len(packed.data) < 16_000, "what a phone loads inside a chat app stays small"
    for answer in (plain, packed):
        assert answer.cache_control.immutable
        assert answer.cache_control.max_age == 365 * 24 * 3600
        assert "Accept-Encoding" in answer.headers["Vary"]


def test_nothing_outside_the_static_folder_is_served(app: Flask) -> None:
    client = app.test_client()
    for path in ("../__init__.py", "dist/../../__init__.py", "%2e%2e/__init__.py", "missing.css"):
        answer = client.get(f"/static/{path}", headers={"Accept-Encoding": "br"},
                            buffered=True)
        assert answer.status_code == 404


def test_a_file_without_a_hash_in_its_name_is_asked_for_again(app: Flask) -> None:
    answer = app.test_client().get("/static/dist/manifest.json", buffered=True)
    assert answer.status_code == 200
    assert answer.cache_control.max_age is None
