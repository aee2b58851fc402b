"""The story's post: messages of the past count as sent in the past, and leave nobody's hands.

What a sample letter said is rendered on the organiser's page whenever somebody opens it,
from its ids and facts, so nothing is written to the outbox folder for it. Printed
commitments are made for real. The log is numbered and signed by the worker, at real time.
"""

from __future__ import annotations

from datetime import datetime

from app.unit import unit
from app.worker import Tools, Worker, make
from cohorts.ground import outbox

RECEIPT = "contoh: tidak dikirim"


class PostOffice:
    """Settles what is due at the story's time, and prints."""

    def __init__(self) -> None:
        self._now: datetime | None = None
        self._worker: Worker = make(self._clock, quiet=True)

    @property
    def tools(self) -> Tools:
        """The worker's hands: files and printer."""
        return self._worker.tools

    def _clock(self) -> datetime:
        assert self._now is not None
        return self._now

    def deliver(self, now: datetime) -> None:
        """Everything that is due by now has been sent or printed."""
        self._now = now
        with unit() as session:
            outbox.settle(session, now=now, receipt=RECEIPT)
        while self._worker.step():
            pass
