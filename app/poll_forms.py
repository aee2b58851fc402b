"""The form of a poll: a word for each date, and a note."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import RadioField

from app.forms import Form, needed, options, paragraph
from cohorts.convenings.poll_answers import NOTE
from cohorts.convenings.poll_tables import WORDS, PollDate

SAYS_WORDS = {
    "yes": _l("Bisa"),
    "if_needed": _l("Bisa bila perlu"),
    "no": _l("Tidak bisa"),
}
assert set(SAYS_WORDS) == set(WORDS)


def dates_form(dates: Sequence[PollDate], words: Sequence[str], says: Mapping[int, str]) -> Any:
    """A form with one field for each date, called by its ``words``; ``says`` is what was said."""

    class DatesForm(Form):
        note = paragraph(_l("Catatan"), most=NOTE, optional=True, render_kw={"rows": 2})

        def said(self) -> dict[int, str]:
            """What the form says of each date, by number."""
            return {date.n: self[f"date_{date.n}"].data for date in dates}

        def asked(self) -> list[RadioField]:
            """The fields of the dates, in order."""
            return [self[f"date_{date.n}"] for date in dates]

    for date, word in zip(dates, words, strict=True):
        field = RadioField(
            word,
            [needed(_l("Pilih satu jawaban untuk tanggal ini."))],
            choices=options(SAYS_WORDS.items()),
        )
        setattr(DatesForm, f"date_{date.n}", field)
    return DatesForm(data={f"date_{n}": word for n, word in says.items()})
