"""The headers of every answer: a strict content policy and quiet link pages.

Nothing is loaded from another host and nothing inline is run or styled, so no page needs an
exception. The scanner alone compiles WebAssembly and opens the camera: its view is marked with
``@scans``.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, Response, current_app, request
from werkzeug.middleware.proxy_fix import ProxyFix

from app.guard import audience_of

View = TypeVar("View", bound=Callable[..., Any])

POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "font-src": "'self'",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "worker-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
QUIET = {"guest", "signer", "station", "organizer", "account", "hook"}


def scans(view: View) -> View:
    """Mark a view whose page decodes pictures of the camera in WebAssembly."""
    view.scans = True  # type: ignore[attr-defined]
    return view


def policy(scanning: bool = False) -> str:
    """Return the Content-Security-Policy as one line."""
    rules = dict(POLICY)
    if scanning:
        rules["script-src"] += " 'wasm-unsafe-eval'"
    return "; ".join(f"{name} {value}" for name, value in rules.items())


def add_headers(response: Response) -> Response:
    """Add the headers that every answer carries, and the quiet ones for personal pages."""
    view = current_app.view_functions.get(request.endpoint or "")
    scanning = bool(getattr(view, "scans", False))
    headers = response.headers
    headers["Content-Security-Policy"] = policy(scanning)
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Referrer-Policy"] = "no-referrer"
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    camera = "(self)" if scanning else "()"
    headers["Permissions-Policy"] = f"camera={camera}, microphone=(), geolocation=()"
    if current_app.config["SESSION_COOKIE_SECURE"]:
        headers["Strict-Transport-Security"] = "max-age=31536000"
    if request.endpoint == "static":
        return response
    if audience_of(view) in QUIET or view is None or response.status_code >= 400:
        headers["Cache-Control"] = "no-store"
        headers["X-Robots-Tag"] = "noindex, nofollow"
    else:
        headers.setdefault("Cache-Control", "private, no-cache")
    return response


def init(app: Flask) -> None:
    """Add the headers to every answer of ``app``."""
    app.after_request(add_headers)


def trust_proxies(app: Flask, networks: tuple[str, ...]) -> None:
    """Believe X-Forwarded-For, -Proto and -Host, but only from the ``networks`` of the settings."""
    if not networks:
        return
    trusted = [ipaddress.ip_network(part) for part in networks]
    plain = app.wsgi_app
    forwarded = ProxyFix(plain, x_for=1, x_proto=1, x_host=1)

    def choose(environ: dict[str, Any], start_response: Any) -> Any:
        try:
            address = ipaddress.ip_address(environ.get("REMOTE_ADDR", ""))
        except ValueError:
            return plain(environ, start_response)
        known = any(address in network for network in trusted)
        return (forwarded if known else plain)(environ, start_response)

    app.wsgi_app = choose  # type: ignore[method-assign]
