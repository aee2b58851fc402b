"""Structured logs: one event per line; whatever opens a page is never written down.

A personal link is a right. So its token is replaced before a line leaves the process, whether
the address matched a route or not.
"""

from __future__ import annotations

import logging
import re
import sys
import time
from typing import Any

import structlog
from flask import Flask, Response, g, request

TOKEN = re.compile(r"[0-9A-Za-z_-]{8,}\.\d+\.[0-9A-Za-z_-]{8,}")
PRIVATE_PREFIXES = ("/u/", "/s/", "/d/enrol/", "/auth/set-password/")
HIDDEN = "…"


def safe_path(path: str) -> str:
    """Return ``path`` without what gives access: link tokens and all that follows a link prefix."""
    path = TOKEN.sub(HIDDEN, path)
    for prefix in PRIVATE_PREFIXES:
        if path.startswith(prefix):
            words = path.removeprefix(prefix).split("/")
            kept = [w if re.fullmatch(r"[a-z.-]{1,20}", w) else HIDDEN for w in words]
            return prefix + "/".join(kept)
    return path


def _hide(_logger: Any, _name: str, event: Any) -> Any:
    return {k: TOKEN.sub(HIDDEN, v) if isinstance(v, str) else v for k, v in event.items()}


def configure(form: str) -> None:
    """Set up structlog for this process; ``form`` is json or text."""
    end: Any = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if form == "json"
        else structlog.dev.ConsoleRenderer(colors=False)
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            _hide,
            end,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=False,
    )


def init(app: Flask, form: str) -> None:
    """Write one line per answered request, static files excepted."""
    configure(form)
    log = structlog.get_logger()

    @app.before_request
    def start() -> None:
        g.request_started = time.perf_counter()

    @app.after_request
    def answered(response: Response) -> Response:
        if request.endpoint != "static" and not app.testing:
            started = g.get("request_started")
            took = round((time.perf_counter() - started) * 1000, 1) if started else None
            log.info(
                "request",
                method=request.method,
                path=safe_path(request.path),
                status=response.status_code,
                ms=took,
            )
        return response
