"""The worker on the story's clock: the messages of 2022 leave in 2022.

Only messages and printed documents; the log is numbered and signed by the real worker at
the real time.
"""

from __future__ import annotations

from datetime import datetime

from app.worker import Worker, make


class PostOffice:
    """Sends what is due at the story's time."""

    def __init__(self) -> None:
        self._now: datetime | None = None
        self._worker: Worker = make(self._clock)

    def _clock(self) -> datetime:
        assert self._now is not None
        return self._now

    def deliver(self, now: datetime) -> int:
        """Send everything that is due; how many messages and documents."""
        self._now = now
        done = 0
        while self._worker.step():
            done += 1
        return done
