"""The front end's scripts on bare pages: what they promise to whoever writes the real pages."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

DIST = Path(__file__).parents[2] / "app" / "static" / "dist"
HOST = "http://127.0.0.1:9"  # nobody listens there: every request is answered by the test
CODE = "LAB1.7Q2F9XK3M.c2lnbmVkLWNoZWNraW4tMDA0Mg"
CSP = ("default-src 'none'; script-src 'self'{wasm}; style-src 'self'; img-src 'self'; "
       "font-src 'self'; connect-src 'self'; media-src 'self' blob:; base-uri 'none'")

SCAN = """
<h1 data-scan-idle>Siap</h1><video data-scan muted playsinline></video>
<p data-scan-denied hidden>Kamera belum diizinkan</p>
<form data-scan-form method="post" action="/d/scan">
<input type="hidden" name="csrf_token" value="t">
<label>Kode <input name="code"></label><button>Periksa</button></form>
<div data-scan-result role="status"></div>
<template data-scan-lost><section class="st-no"><h2>Tidak tersambung</h2></section></template>
"""
PAD = """
<form method="post" action="/s/x"><svg data-pad viewBox="0 0 328 176" width="328" height="176"
role="img" aria-label="Bidang tanda tangan"><g class="pad-ink"></g></svg>
<p data-pad-hint>Tanda tangan di sini</p><button type="button" data-pad-undo hidden>Ulangi</button>
<input type="hidden" name="strokes" data-pad-strokes></form>
"""


def built(name: str) -> str:
    """The hashed name of a built file."""
    return str(json.loads((DIST / "manifest.json").read_text())[name])


class Site:
    """A site of one page, with the product's own CSP; keeps what was posted to it."""

    def __init__(self, page: Page, body: str, script: str, wasm: bool = True) -> None:
        self.posted: list[str] = []
        self.answers: list[dict[str, object]] = []
        self.asked: list[str] = []
        self.page = page
        self._html = (
            f"<!doctype html><html lang=id><title>Uji</title><main>{body}</main>"
            f'<script type="module" src="/static/dist/{built(script)}"></script>')
        self._csp = CSP.format(wasm=" 'wasm-unsafe-eval'" if wasm else "")
        page.route(f"{HOST}/**", self._serve)

    def _serve(self, route: Route) -> None:
        path = route.request.url.removeprefix(HOST)
        self.asked.append(path)
        if route.request.method == "POST":
            self.posted.append(route.request.post_data or "")
            if not self.answers:
                route.abort()
                return
            route.fulfill(json=self.answers.pop(0))
        elif path.startswith("/static/dist/"):
            route.fulfill(path=DIST / path.removeprefix("/static/dist/"))
        else:
            route.fulfill(body=self._html, content_type="text/html",
                          headers={"Content-Security-Policy": self._csp})

    def open(self) -> Page:
        """Open the page."""
        self.page.goto(f"{HOST}/")
        return self.page


@pytest.mark.parametrize(("wasm", "way"), [(True, "zxing"), (False, "plain")])
def test_the_camera_reads_a_pass_with_and_without_webassembly(
    camera: Callable[..., Page], watched: object, wasm: bool, way: str
) -> None:
    if not wasm:  # the browser says what it was not allowed to do, then the other way is taken
        watched.allow("WebAssembly|wasm|ArrayBuffer")  # type: ignore[attr-defined]
    site = Site(camera(CODE), SCAN, "scan.js", wasm)
    site.answers.append({"tone": "in", "title": "Silakan masuk", "line": "<b>Rahmat</b> Contoh"})
    page = site.open()
    status = page.get_by_role("status")
    expect(status).to_contain_text("Silakan masuk", timeout=15000)
    expect(status).to_contain_text("<b>Rahmat</b> Contoh")
    assert page.locator("video").get_attribute("data-decoder") == way
    assert CODE in site.posted[0]
    assert "csrf_token" in site.posted[0]
    assert len(site.posted) == 1, "a code that stays before the camera is asked about once"
    expect(page.get_by_role("heading", name="Siap")).to_be_visible(timeout=4000)


def test_the_browsers_own_reader_is_taken_first(page: Page) -> None:
    page.add_init_script("""
        window.BarcodeDetector = class {
            static async getSupportedFormats() { return ['qr_code'] }
            async detect() { return [{ rawValue: 'DARI-PERANGKAT' }] }
        };
        navigator.mediaDevices.getUserMedia = async () => {
            const canvas = document.createElement('canvas');
            canvas.getContext('2d');
            const stream = canvas.captureStream(30);
            setInterval(() => canvas.getContext('2d').fillRect(0, 0, Math.random() * 9, 9), 30);
            return stream;
        };""")
    site = Site(page, SCAN, "scan.js")
    site.answers.append({"tone": "already", "title": "Sudah masuk"})
    expect(site.open().get_by_role("status")).to_contain_text("Sudah masuk", timeout=10000)
    assert "DARI-PERANGKAT" in site.posted[0]
    assert not any(path.endswith(".wasm") for path in site.asked)


def test_an_answer_that_is_no_goes_only_by_a_tap_and_no_script_of_a_text_runs(
    camera: Callable[..., Page]
) -> None:
    site = Site(camera("SATU", "DUA"), SCAN, "scan.js")
    site.answers.append({"tone": "no", "title": "Kode tidak sah",
                         "html": '<section><h2>Kode tidak sah</h2><a class="st-next" href="#">'
                                 "Pindai berikutnya</a></section>"})
    page = site.open()
    status = page.get_by_role("status")
    expect(status).to_contain_text("Kode tidak sah", timeout=15000)
    expect(page.locator("video")).to_have_attribute("data-codes", "2", timeout=10000)
    assert len(site.posted) == 1, "the other code was before the camera, and nothing was asked"
    site.answers.append({"tone": "in", "title": "Silakan masuk"})
    page.get_by_text("Pindai berikutnya").click()
    expect(status).to_contain_text("Silakan masuk", timeout=10000)


def test_without_a_network_the_page_says_so(page: Page, watched: object) -> None:
    watched.allow("ERR_FAILED")  # type: ignore[attr-defined]
    page.add_init_script(
        "navigator.mediaDevices.getUserMedia = async () => "
        "{ throw new DOMException('no', 'NotAllowedError') }")
    site = Site(page, SCAN, "scan.js")
    site.open()
    expect(page.get_by_text("Kamera belum diizinkan")).to_be_visible()
    page.get_by_label("Kode").fill("7Q2F 9XK3")
    page.get_by_role("button", name="Periksa").click()
    expect(page.get_by_role("status")).to_contain_text("Tidak tersambung")


def test_a_drawn_signature_becomes_whole_number_polylines(page: Page) -> None:
    site = Site(page, PAD, "sign.js")
    site.open()
    box = page.locator("[data-pad]").bounding_box()
    assert box
    for line in range(2):
        page.mouse.move(box["x"] + 20, box["y"] + 40 + 40 * line)
        page.mouse.down()
        for step in range(1, 12):
            page.mouse.move(box["x"] + 20 + step * 12.3, box["y"] + 40 + 40 * line + step % 4 * 7.7)
        page.mouse.move(box["x"] + 900, box["y"] + 20)  # beyond the edge
        page.mouse.up()
    strokes = json.loads(page.locator("[data-pad-strokes]").input_value())
    assert len(strokes) == 2
    for stroke in strokes:
        assert len(stroke) > 8
        assert all(isinstance(n, int) for point in stroke for n in point)
        assert all(0 <= x <= 328 and 0 <= y <= 176 for x, y in stroke)
    expect(page.get_by_text("Tanda tangan di sini")).to_be_hidden()
    page.get_by_role("button", name="Ulangi").click()
    assert page.locator("[data-pad-strokes]").input_value() == ""
    assert page.locator("polyline").count() == 0
