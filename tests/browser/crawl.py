"""Walks the product by its own links, one page per kind (endpoint), as each of its readers."""

from __future__ import annotations

import email
import email.policy
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urldefrag, urljoin, urlsplit

from playwright.sync_api import Page
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, RequestRedirect

from tests.product import Product

PERSONAL = re.compile(r"https?://[^\s\"'<>]+?/[us]/(?:[a-z]+/)?[A-Za-z0-9_~.-]{8,}")


def personal_links(product: Product) -> list[str]:
    """Every personal link in the messages that left, the newest message first."""
    found: dict[str, None] = {}
    for file in sorted((product.home / "outbox").glob("*.eml"), reverse=True):
        message = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
        body = message.get_body(("plain", "html"))
        if body is not None:
            for link in PERSONAL.findall(body.get_content()):
                found.setdefault(link.rstrip("."))
    return list(found)


PASSED_THROUGH = 4  # how many further pages of a kind are opened only for the links on them


@dataclass
class Walk:
    """What has been seen: endpoint -> the addresses by which it was seen, the first one first."""

    routes: Map
    base: str
    seen: dict[str, list[str]] = field(default_factory=dict)

    def endpoint(self, url: str) -> str | None:
        """Which page an address of ours leads to; None for anything else."""
        if not url.startswith(self.base):
            return None
        adapter = self.routes.bind("127.0.0.1")
        try:
            return str(adapter.match(urlsplit(url).path, method="GET")[0])
        except (HTTPException, RequestRedirect):
            return None

    def from_(self, page: Page, *starts: str) -> Iterator[tuple[str, str]]:
        """Yield (endpoint, address) of every kind of page that the starts lead to.

        The caller opens the address in `page`; the links are then read from there. A few more
        pages of each kind (a closed convening beside a planned one) are only passed through.
        """
        waiting = deque(urljoin(f"{self.base}/", start) for start in starts)
        while waiting:
            url = urldefrag(waiting.popleft())[0].split("?")[0]
            endpoint = self.endpoint(url)
            known = self.seen.setdefault(endpoint or "", [])
            if endpoint in (None, "static") or url in known or len(known) > PASSED_THROUGH:
                continue
            known.append(url)
            if len(known) == 1:
                yield str(endpoint), url
            elif page.request.fetch(url, max_redirects=0).headers.get(
                    "content-type", "").startswith("text/html"):
                page.goto(url)
            else:
                continue
            waiting.extend(page.eval_on_selector_all(
                "a[href]", "links => links.map(link => link.href)"))
