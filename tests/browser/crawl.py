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

PERSONAL = re.compile(r"https?://[^\s\"'<>]+?/[us]/[A-Za-z0-9_~.-]{8,}")


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


@dataclass
class Walk:
    """What has been seen: endpoint -> the address by which it was seen first."""

    routes: Map
    base: str
    seen: dict[str, str] = field(default_factory=dict)

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

        The caller opens the address in `page`; the links are then read from there.
        """
        waiting = deque(urljoin(f"{self.base}/", start) for start in starts)
        while waiting:
            url = urldefrag(waiting.popleft())[0]
            endpoint = self.endpoint(url)
            if endpoint is None or endpoint == "static" or endpoint in self.seen:
                continue
            self.seen[endpoint] = url
            yield endpoint, url
            waiting.extend(page.eval_on_selector_all(
                "a[href]", "links => links.map(link => link.href)"))
