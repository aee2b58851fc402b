"""A browser without a screen: it opens pages as a reader does and checks every one it opens.

    pages = Pages(app)                      nobody in particular, Indonesian
    page = pages.get("/auth/sign-in")       200 expected; page.h1, page.text, page.one("form")
    page = pages.submit(page, email="…")    fills the page's form and sends it, follows the redirect
    staff = pages.signed_in(role="organizer")

What is checked on every HTML answer: that it parses without any error, has a title, exactly one
h1, the reader's language, a label for every control, a CSRF field in every POST form, unique ids
that references lead to, no inline script, style or event attribute, no address of another host
(WhatsApp and maps excepted), the security headers, and no sentence left in the other language.
"""

from __future__ import annotations

import functools
import re
from collections import Counter
from typing import Any

import html5lib
from bs4 import BeautifulSoup, Tag
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app import words
from app.extensions import db
from app.filters import utc_now
from app.unit import unit
from cohorts.directory import accounts
from cohorts.ground.access import COMMAND

OTHER_HOSTS = (
    "https://wa.me/", "https://maps.", "https://www.google.com/maps", "https://goo.gl/maps",
    "https://www.openstreetmap.org/",
)
REFERENCES = ("aria-labelledby", "aria-describedby", "for", "popovertarget", "commandfor", "list")
ADDRESSES = ("href", "src", "action", "formaction", "data")
CONTROLS = ("input", "select", "textarea")
NO_LABEL = ("hidden", "submit", "button", "image", "reset")


class PageError(AssertionError):
    """A page breaks a promise that every page makes."""


@functools.cache
def _sayings(wanted: str) -> frozenset[str]:
    """Return the sentences that a page in language ``wanted`` must not hold: those of the other
    language, unless both read the same."""
    found = set()
    same = set()
    for room in words.ROOMS:
        for message in words.read(room):
            if not isinstance(message.id, str) or not message.id or not message.string:
                continue
            indonesian, english = message.id, str(message.string)
            same.add(english if wanted == "en" else indonesian)
            if indonesian != english and "%(" not in indonesian and len(indonesian) > 3:
                found.add(indonesian if wanted == "en" else english)
    return frozenset(found - same)


class Page:
    """An answer in HTML, parsed and checked."""

    def __init__(self, response: TestResponse, lang: str, base_url: str) -> None:
        self.response = response
        self.status = response.status_code
        self.url = response.request.path
        self.lang = lang
        self.html = response.get_data(as_text=True)
        self.soup = BeautifulSoup(self.html, "html5lib")
        self._tags: list[Tag] = self.soup.find_all(True)  # walked once: every page is checked
        self._base_url = base_url
        self._check()

    @property
    def h1(self) -> str:
        """The one heading of first level."""
        return self._line(self.one("h1"))

    @property
    def title(self) -> str:
        """What stands in the browser's tab."""
        return self._line(self.one("title"))

    @property
    def text(self) -> str:
        """All that is read, in one line."""
        return self._line(self.one("body"))

    def one(self, selector: str) -> Tag:
        """The one element that the CSS selector finds."""
        found = self.soup.select(selector)
        assert len(found) == 1, f"{self.url}: {len(found)} elements for {selector}"
        return found[0]

    def all(self, selector: str) -> list[Tag]:
        """Every element that the CSS selector finds."""
        return list(self.soup.select(selector))

    def lines(self, selector: str) -> list[str]:
        """The text of every element that the selector finds."""
        return [self._line(tag) for tag in self.all(selector)]

    def link(self, words: str) -> str:
        """The address of the first link that is called so."""
        for tag in self.all("a[href]"):
            if words in self._line(tag):
                return str(tag["href"])
        raise AssertionError(f"{self.url}: no link called {words!r}")

    def form(self, action: str | None = None) -> Tag:
        """The POST form whose action ends with ``action``, or that a CSS selector finds (".x",
        "#x"). Without either: the only one, or the only one that has something to fill in."""
        forms = [f for f in self.all("form") if str(f.get("method", "")).lower() == "post"]
        if action is None:
            open_ones = [f for f in forms if f.select(
                "input:not([type=hidden]), select, textarea")]
            forms = open_ones if len(forms) > 1 and len(open_ones) == 1 else forms
        elif action.startswith((".", "#")):
            forms = [f for f in forms if f in self.all(action)]
        else:
            forms = [f for f in forms if str(f.get("action", "")).endswith(action)]
        assert len(forms) == 1, f"{self.url}: {len(forms)} forms for {action!r}"
        return forms[0]

    @staticmethod
    def _line(tag: Tag) -> str:
        return re.sub(r"\s+", " ", tag.get_text(" ")).strip()

    def _named(self, *names: str) -> list[Tag]:
        return [tag for tag in self._tags if tag.name in names]

    def _fault(self, what: str) -> None:
        raise PageError(f"{self.url} ({self.status}, {self.lang}): {what}")

    def _check(self) -> None:
        self._check_syntax()
        self._check_frame()
        self._check_ids()
        self._check_forms()
        self._check_policy()
        self._check_headers()
        self._check_words()

    def _check_syntax(self) -> None:
        parser = html5lib.HTMLParser(strict=True)
        try:
            parser.parse(self.html)
        except html5lib.html5parser.ParseError as wrong:
            position, code, data = parser.errors[-1]
            near = "\n".join(self.html.splitlines()[max(0, position[0] - 3):position[0] + 1])
            self._fault(f"HTML: {code} {data} {wrong} at {position}:\n{near}")

    def _check_frame(self) -> None:
        # A <template> is not part of the page; only some versions of soupsieve know that.
        headings = [h1 for h1 in self._named("h1") if h1.find_parent("template") is None]
        if len(headings) != 1:
            self._fault(f"{len(headings)} h1")
        if len(self._named("main")) != 1:
            self._fault("no single main")
        if not self.soup.title or not self._line(self.soup.title).removesuffix("· Living Lab"):
            self._fault("no title")
        root = self.soup.html
        if root is None or root.get("lang") != self.lang:
            self._fault(f"lang is {root.get('lang') if root else None!r}")
        for image in self._named("img"):
            if image.get("alt") is None:
                self._fault(f"a picture without its words: {image}")
        for tag in self._named("a", "button"):
            if not self._line(tag) and not tag.get("aria-label"):
                self._fault(f"nameless: {tag}")

    def _check_ids(self) -> None:
        ids = Counter(str(tag["id"]) for tag in self._tags if tag.has_attr("id"))
        twice = sorted(i for i, times in ids.items() if times > 1)
        if twice:
            self._fault(f"ids used twice: {twice}")
        for tag in self._tags:
            for name in REFERENCES:
                for wanted in str(tag.get(name, "")).split():
                    if wanted not in ids:
                        self._fault(f"{name}={wanted!r} leads nowhere: {tag.name}")
        for tag in self._named("a"):
            target = str(tag.get("href", ""))
            if target.startswith("#") and target[1:] not in ids:
                self._fault(f"{target} leads nowhere")

    def _check_forms(self) -> None:
        labelled = {str(tag["for"]) for tag in self._named("label") if tag.has_attr("for")}
        for control in self._named(*CONTROLS):
            if control.get("type") in NO_LABEL:
                continue
            named = (
                control.get("id") in labelled or control.get("aria-label")
                or control.get("aria-labelledby") or control.find_parent("label")
            )
            if not named:
                self._fault(f"no label: {control}")
        for form in self._named("form"):
            method = str(form.get("method", "get")).lower()
            if method == "post" and not form.select_one('input[name="csrf_token"][value]'):
                self._fault(f"no CSRF field: {form.get('action')}")
            if method == "get" and form.select_one('input[name="csrf_token"]'):
                self._fault(f"the CSRF token would stand in the address: {form.get('action')}")

    def _check_policy(self) -> None:
        for tag in self._tags:
            for name, value in tag.attrs.items():
                if name == "style" or name.startswith("on"):
                    self._fault(f"inline {name}: {tag.name}")
                if name in ADDRESSES:
                    self._check_address(tag, str(value))
        for tag in self._named("script", "style"):
            outside = tag.name == "script" and tag.has_attr("src")
            if not outside and tag.get("type") not in ("application/json", "application/ld+json"):
                self._fault(f"inline {tag.name}")

    def _check_address(self, tag: Tag, target: str) -> None:
        if not re.match(r"(https?:)?//", target) or target.startswith(self._base_url):
            return
        if tag.name != "a" or not target.startswith(OTHER_HOSTS):
            self._fault(f"another host: {target}")

    def _check_headers(self) -> None:
        headers = self.response.headers
        if "default-src 'none'" not in headers.get("Content-Security-Policy", ""):
            self._fault("no Content-Security-Policy")
        if headers.get("X-Content-Type-Options") != "nosniff":
            self._fault("no nosniff")
        if "Cookie" not in headers.get("Vary", ""):
            self._fault("a cache would mix the languages")

    def _check_words(self) -> None:
        assert self.soup.body is not None
        self._check_words_in(self.soup.body, _sayings(self.lang))

    def _check_words_in(self, tag: Tag, forbidden: frozenset[str]) -> None:
        for child in tag.children:
            if isinstance(child, Tag):
                if child.name not in ("script", "template") and not child.get("lang"):
                    self._check_words_in(child, forbidden)
                continue
            said = re.sub(r"\s+", " ", str(child)).strip()
            if re.search(r"%\(\w+\)s|\{\{|\}\}|\{%", said):
                self._fault(f"an unfilled sentence: {said!r}")
            if said in forbidden:
                self._fault(f"in the other language: {said!r}")
            if re.search(r"\bNone\b|\bUndefined\b", said):
                self._fault(f"a value that nobody wrote: {said!r}")


class Pages:
    """A reader of one app: cookies, language, and the checks on every page."""

    def __init__(self, app: Flask, lang: str = "id") -> None:
        app.testing = True
        self.app = app
        self.lang = lang
        self.client: FlaskClient = app.test_client()
        self.client.set_cookie("lang", lang)
        self.base_url = str(app.extensions["settings"].base_url)

    def get(self, url: str, status: int = 200, **kwargs: Any) -> Page:
        """Open an address; follow redirects; expect ``status`` at the end."""
        return self._page(self.client.get(url, follow_redirects=True, **kwargs), status)

    def post(
        self, url: str, data: dict[str, Any] | None = None, status: int = 200, *,
        token: str | None = None, **kwargs: Any,
    ) -> Page:
        """Send a form with a fresh CSRF token; follow the redirect."""
        data = dict(data or {})
        data.setdefault("csrf_token", token or self.token())
        answer = self.client.post(url, data=data, follow_redirects=True, **kwargs)
        return self._page(answer, status)

    def submit(
        self, page: Page, action: str | None = None, status: int = 200, *,
        press: str | None = None, **values: Any,
    ) -> Page:
        """Fill the form of ``page`` (what is not named stays as it is) and send it.

        ``press`` is "name=value" of the button that is pressed, where buttons carry a value.
        """
        form = page.form(action)
        data = filled(form)
        unknown = values.keys() - _names(form)
        assert not unknown, f"{page.url}: the form has no {sorted(unknown)}"
        data.update({k: v for k, v in values.items() if v is not None})
        for name in [k for k, v in values.items() if v is None]:
            data.pop(name, None)
        if press is not None:
            name, _, value = press.partition("=")
            data[name] = value
        url = str(form.get("action") or "") or _path_of(page)
        return self._page(self.client.post(url, data=data, follow_redirects=True), status)

    def token(self) -> str:
        """A CSRF token that belongs to this reader's session."""
        form = self.client.get("/auth/forgot").get_data(as_text=True)
        found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', form)
        assert found is not None
        return found[1]

    def signed_in(
        self, role: str = "admin", scope: str = "all", scope_id: str = "",
        region_code: str | None = None, name: str = "Rina Contoh",
    ) -> Pages:
        """A reader with an account that holds ``role``."""
        reader = Pages(self.app, self.lang)
        with self.app.app_context():
            with unit() as session:
                count = len(list(session.scalars(db.select(accounts.User.id))))
                user = accounts.add_account(
                    session, email=f"{role}{count}@contoh.example", name=name, actor=COMMAND,
                    now=utc_now(), role=role, scope=scope, scope_id=scope_id,
                    region_code=region_code, sample=True)
                identity = f"{user.id}.{user.session_generation}"
            db.session.remove()
        with reader.client.session_transaction() as cookie:
            cookie["_user_id"], cookie["_fresh"] = identity, True
        return reader

    def in_language(self, lang: str) -> Pages:
        """The same reader (same session) in another language."""
        other = Pages(self.app, lang)
        with self.client.session_transaction() as mine:
            kept = dict(mine)
        with other.client.session_transaction() as theirs:
            theirs.update(kept)
        return other

    def _page(self, response: TestResponse, status: int) -> Page:
        text = response.get_data(as_text=True)
        assert response.status_code == status, (
            f"{response.request.path}: {response.status_code}, expected {status}\n"
            + re.sub(r"<[^>]+>|\s+", " ", text)[:1500])
        assert response.mimetype == "text/html", f"{response.request.path}: {response.mimetype}"
        return Page(response, self.lang, self.base_url)


def _path_of(page: Page) -> str:
    request = page.response.request
    query = request.query_string.decode()
    return request.path + (f"?{query}" if query else "")


def _names(form: Tag) -> set[str]:
    return {str(c["name"]) for c in form.select("[name]")}


def filled(form: Tag) -> dict[str, Any]:
    """What a browser would send if its reader changed nothing."""
    data: dict[str, Any] = {}
    for control in form.select("input[name], select[name], textarea[name]"):
        name, kind = str(control["name"]), control.get("type")
        if control.name == "select":
            chosen = control.select_one("option[selected]") or control.select_one("option")
            if chosen is not None:
                data[name] = str(chosen.get("value", chosen.get_text()))
        elif control.name == "textarea":
            data[name] = control.get_text().removeprefix("\n")
        elif kind in ("checkbox", "radio"):
            if control.has_attr("checked"):
                value = str(control.get("value", "on"))
                if kind == "checkbox" and name in data:
                    before = data[name]
                    data[name] = [*(before if isinstance(before, list) else [before]), value]
                else:
                    data[name] = value
        elif kind not in ("submit", "button", "file", "image"):
            data[name] = str(control.get("value", ""))
    return data
