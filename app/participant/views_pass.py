"""The pass: a code that the door reads, and a picture of it that a phone can keep."""

from __future__ import annotations

from flask import make_response, render_template
from flask_babel import gettext as _
from markupsafe import Markup
from werkzeug.wrappers import Response

from app import invitation_texts as texts
from app.adapters import qr
from app.extensions import db, keys
from app.feed_answers import person_address
from app.filters import both_clocks, utc_now
from app.guard import open_to
from app.language import language
from app.participant import bp
from app.participant.opening import contact, signing_token_of
from app.worker import FONTS
from cohorts.convenings import chain, pass_ids
from cohorts.convenings.chain import SeatState
from cohorts.convenings.pass_ids import PassStanding
from cohorts.convenings.tables import Convening, Pass
from cohorts.door.passes import write_pass
from cohorts.door.presence import Presence, presences
from cohorts.ground.links import Links
from cohorts.ground.refusal import Refusal

Page = str | Response | tuple[str, int]


@bp.get("/pass/<token>")
@open_to("guest")
def entry_pass(token: str) -> Page:
    """Show the pass; once it has done its work, or its mandate has ended, it says so."""
    row, standing, seat = _open(token)
    convening = db.session.get_one(Convening, row.convening_id)
    picture = qr.svg(_text(row), "M", quiet=2).replace("<svg ", '<svg class="qr" ', 1)
    return render_template(
        "participant/pass.html",
        token=token,
        standing=standing,
        seat=seat,
        posts=_posts(standing),
        represents=_represents(standing, seat),
        seen=_seen(row),
        signing=_signing(standing),
        convening=convening,
        number=texts.convening_number(convening, language()),
        title=texts.convening_title(convening, language()),
        days=texts.days(convening, language()),
        place=texts.place(convening),
        zone=convening.timezone,
        own_zone=seat.timezone if seat is not None else None,
        sample=convening.cohort.sample,
        link=texts.pass_link(row),
        feed=person_address(row),
        qr_picture=Markup(picture),  # noqa: S704 - drawn by us, from identifiers of ours
        **contact(convening),
    )


@bp.get("/pass/<token>/pass.png")
@open_to("guest")
def pass_picture(token: str) -> Response:
    """The pass as a picture: a chat app's browser may forget its storage, a gallery does not."""
    row, standing, seat = _open(token)
    if not standing.valid:
        raise Refusal("ground.not_found")
    convening = db.session.get_one(Convening, row.convening_id)
    lang = language()
    hours = both_clocks(
        convening.starts_at, convening.timezone, seat.timezone if seat else None, lang)
    card = qr.PassPicture(
        token=_text(row),
        short_code=row.short_code,
        short_code_label=_("Kode pendek"),
        name=standing.person.full_name,
        office=", ".join(_posts(standing)),
        region=texts.region_of(seat, lang) if seat is not None else "",
        convening=f"{texts.convening_number(convening, lang)}: "
        f"{texts.convening_title(convening, lang)}",
        when=f"{texts.days(convening, lang)}, {hours}",
        place=texts.place(convening),
        heading=_("Kartu masuk"),
        sample=_("contoh") if convening.cohort.sample else "",
    )
    response = make_response(qr.pass_picture(card, FONTS))
    response.mimetype = "image/png"
    response.headers["Content-Disposition"] = (
        f'attachment; filename="{_("kartu-masuk")}-{convening.number}.png"')
    return response


def _open(token: str) -> tuple[Pass, PassStanding, SeatState | None]:
    """The pass of a token with the first seat it stands or stood for."""
    session = db.session()
    now = utc_now()
    row = pass_ids.by_link(session, Links(keys().link).read("pass", token))
    standing = pass_ids.valid_pass(session, row.id, now)
    assert standing is not None
    if standing.behind:
        return row, standing, chain.seat(session, standing.behind[0].seat_id, now)
    touching = pass_ids.seats_touching(session, row.convening_id, row.person_id, now)
    return row, standing, touching[0] if touching else None


def _text(row: Pass) -> str:
    return write_pass(keys().passes, row.id, row.generation, row.convening_id)


def _posts(standing: PassStanding) -> list[str]:
    """The posts of the person, each once, in the reader's language."""
    states = chain.seats(
        db.session(), at=utc_now(), seat_ids=[b.seat_id for b in standing.behind])
    english = language() == "en"
    by_seat = {s.seat_id: s for s in states}
    found = []
    for behind in standing.behind:
        comer = by_seat[behind.seat_id].comes if behind.seat_id in by_seat else None
        if english and comer is not None:
            found.append(comer.post_en)
        elif english and behind.seat_id in by_seat:
            found.append(by_seat[behind.seat_id].office_en)
        else:
            found.append(behind.post)
    return list(dict.fromkeys(found))


def _represents(standing: PassStanding, seat: SeatState | None) -> str:
    """The office that a deputy stands for; empty for whoever comes for their own."""
    deputy = next((b for b in standing.behind if b.hand_over_id is not None), None)
    if deputy is None or seat is None:
        return ""
    return texts.office_of(seat, language())


def _signing(standing: PassStanding) -> str | None:
    """The way to the commitment, once the person is here, for an office's own holder."""
    own = next((b for b in standing.behind if b.hand_over_id is None), None)
    return signing_token_of(standing.convening_id, own.office_id) if own is not None else None


def _seen(row: Pass) -> Presence | None:
    """Where and when the person came in, if they did."""
    found = [
        p
        for p in presences(db.session(), row.convening_id, known_by=utc_now())
        if p.person_id == row.person_id
    ]
    return max(found, key=lambda p: p.part) if found else None
