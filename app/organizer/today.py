"""What waits for a person today, read from what the rooms know; nothing here is stored.

Late is what should have been done before now; today what has to be done before the day is over;
this week the rest. The convening at work, or the next one, stands beside it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup

from app import filters
from app.extensions import db
from app.language import language
from app.organizer.menu import cohort_name, next_convening
from cohorts.actions import dates, standing
from cohorts.convenings import chain, delivery, guest_mail, letter_numbers
from cohorts.convenings.convening import series, where
from cohorts.convenings.tables import Convening, HandOver, Invitation, Seat, SignMandate
from cohorts.door.tables import Station, StationConvening
from cohorts.ground import mail_events
from cohorts.ground.access import Actor, Where, may
from cohorts.ground.outbox import Message
from cohorts.programme.tables import Cohort
from cohorts.turns.unfinished import unfinished

SOON = timedelta(days=7)
ANNOUNCE = timedelta(days=30)
DOOR = timedelta(days=3)
HOME_ZONE = "Asia/Jakarta"


@dataclass(frozen=True)
class Task:
    """One thing to do: what, why, by when, and the page where it is done."""

    title: str
    why: str
    when: Any
    button: str
    url: str
    cohort: str = ""


@dataclass
class Day:
    """Tasks by urgency, and the convening that comes next with its replies."""

    now: datetime
    late: list[Task] = field(default_factory=list)
    due: list[Task] = field(default_factory=list)
    week: list[Task] = field(default_factory=list)
    cohort: Cohort | None = None
    convening: Convening | None = None
    replies: dict[str, int] = field(default_factory=dict)
    waiting: int = 0
    last_sent: datetime | None = None

    @property
    def count(self) -> int:
        """How many things wait."""
        return len(self.late) + len(self.due) + len(self.week)


def today(actor: Actor, cohorts: Sequence[Cohort], now: datetime | None = None) -> Day:
    """Return what waits for ``actor`` in ``cohorts``."""
    day = Day(now or filters.utc_now())
    for cohort in cohorts:
        _convenings(day, actor, cohort)
        _items(day, actor, cohort)
    _hand_overs(day, actor, cohorts)
    _mail(day, actor, cohorts)
    return day


def _name(convening: Convening) -> str:
    return str(_("Pertemuan ke-%(n)s", n=convening.number))


def _by(instant: datetime, zone: str) -> Any:
    return Markup("{} {}").format(
        _("sebelum"), filters.when_short(instant, zone, language()))


def _convenings(day: Day, actor: Actor, cohort: Cohort) -> None:
    name = cohort_name(cohort)
    coming = next_convening(cohort.id)
    if (
        coming is not None
        and coming.state in ("in_progress", "announced", "draft")
        and may(actor, "convening.see", where(coming))
    ):
        older = day.convening
        if older is None or coming.starts_at < older.starts_at:
            day.cohort, day.convening = cohort, coming
            states = chain.seats(db.session(), at=day.now, convening_id=coming.id)
            day.replies = chain.tally(states)
    for convening in series(db.session(), cohort.id):
        place = where(convening)
        if may(actor, "convening.turn", place):
            _turns(day, convening, name)
        if convening.state == "announced" and may(actor, "convening.invite", place):
            _guests(day, convening, name)
        if convening.state == "announced" and may(actor, "door.enrol", place):
            _door(day, convening, name)


def _turns(day: Day, convening: Convening, cohort: str) -> None:
    here = url_for("organizer.convening", convening_id=convening.id)
    if convening.state == "in_progress" and day.now > convening.ends_at:
        open_items = sum(i.unresolved for i in standing.items_at(
            db.session(), convening.cohort_id))
        day.late.append(Task(
            _("Tutup %(convening)s", convening=_name(convening)),
            ngettext(
                "Acaranya sudah selesai. Selama belum ditutup, keadaan %(num)s tindak lanjut "
                "belum dibekukan.",
                "Acaranya sudah selesai. Selama belum ditutup, keadaan %(num)s tindak lanjut "
                "belum dibekukan.", open_items),
            _since(day, convening.ends_at, convening.timezone), _("Tutup pertemuan"),
            url_for("organizer.close", convening_id=convening.id), cohort))
    elif convening.state == "announced" and day.now > convening.starts_at:
        day.late.append(Task(
            _("Mulai %(convening)s", convening=_name(convening)),
            _("Jam mulainya sudah lewat. Susunan acaranya dibekukan begitu dimulai; bila acaranya "
              "batal atau mundur, catat itu di halaman yang sama."),
            _since(day, convening.starts_at, convening.timezone), _("Buka pertemuan"),
            here, cohort))
    elif convening.state == "draft" and convening.starts_at - day.now < ANNOUNCE:
        day.week.append(Task(
            _("Umumkan %(convening)s", convening=_name(convening)),
            _("Masih draf. Undangan baru dapat dikirim setelah diumumkan."),
            _by(convening.starts_at, convening.timezone), _("Buka pertemuan"), here, cohort))


def _since(day: Day, instant: datetime, zone: str) -> str:
    passed = (filters.day_of(day.now, zone) - filters.day_of(instant, zone)).days
    if passed == 0:
        return str(_("sejak %(clock)s", clock=filters.clock(instant, zone, language())))
    return str(ngettext("sejak kemarin", "sejak %(num)s hari lalu", passed))


def _guests(day: Day, convening: Convening, cohort: str) -> None:
    session = db.session()
    guests = url_for("organizer.guests", convening_id=convening.id)
    invited = session.scalar(
        sa.select(sa.func.count()).select_from(Invitation).where(
            Invitation.convening_id == convening.id, Invitation.withdrawn_at.is_(None))) or 0
    if not invited:
        day.due.append(Task(
            _("Undang ke %(convening)s", convening=_name(convening)),
            _("Sudah diumumkan, tetapi belum ada jabatan yang diundang."),
            _by(convening.reply_by, convening.timezone), _("Undang"),
            url_for("organizer.invite", convening_id=convening.id), cohort))
        return
    _addresses(day, convening, cohort, invited, guests)
    _mailbox(day, convening, cohort)
    silent = 0
    if convening.starts_at > day.now and convening.reply_by - day.now < SOON:
        states = chain.seats(session, at=day.now, convening_id=convening.id)
        silent = chain.tally(states)["unanswered"]
    if silent:
        passed = convening.reply_by < day.now
        where_to = day.due if convening.reply_by - day.now < timedelta(days=1) else day.week
        deadline = filters.moment(convening.reply_by, convening.timezone, language())
        where_to.append(Task(
            ngettext("Ingatkan %(num)s jabatan yang belum menjawab",
                     "Ingatkan %(num)s jabatan yang belum menjawab", silent),
            _("Tenggat jawaban %(deadline)s sudah lewat; jawaban mereka masih dapat dicatat.",
              deadline=deadline) if passed
            else _("Tenggat jawaban %(deadline)s.", deadline=deadline),
            _by(convening.starts_at if passed else convening.reply_by, convening.timezone),
            _("Lihat undangan"), guests, cohort))
    unnumbered = letter_numbers.unnumbered(session, convening)
    if unnumbered:
        day.due.append(Task(
            _("Isi nomor surat undangan"),
            ngettext("%(num)s surat masih bertuliskan “Nomor: menunggu”.",
                     "%(num)s surat masih bertuliskan “Nomor: menunggu”.", unnumbered),
            _by(convening.starts_at, convening.timezone), _("Isi nomor"),
            url_for("organizer.letter_page", convening_id=convening.id), cohort))
    unsure = session.scalar(
        sa.select(sa.func.count()).select_from(HandOver)
        .join(Seat, Seat.id == HandOver.seat_id)
        .join(Invitation, Invitation.id == Seat.invitation_id)
        .outerjoin(SignMandate, SignMandate.hand_over_id == HandOver.id)
        .where(Invitation.convening_id == convening.id, HandOver.may_sign,
               HandOver.revoked_at.is_(None), SignMandate.hand_over_id.is_(None))) or 0
    if unsure:
        day.week.append(Task(
            ngettext("Periksa %(num)s mandat tanda tangan", "Periksa %(num)s mandat tanda tangan",
                     unsure),
            _("Selama surat tugasnya belum diterima, pintu tetap menerima; meja tanda tangan "
              "tidak."),
            _by(convening.starts_at, convening.timezone), _("Periksa mandat"), guests, cohort))


def _door(day: Day, convening: Convening, cohort: str) -> None:
    ahead = convening.starts_at - day.now
    if not timedelta(0) < ahead < DOOR:
        return
    ready = db.session.scalar(
        sa.select(sa.func.count()).select_from(Station)
        .join(StationConvening, StationConvening.station_id == Station.id)
        .where(StationConvening.convening_id == convening.id, Station.revoked_at.is_(None),
               Station.enrolled_at.is_not(None)))
    opens = convening.door_opens_at  # open for rehearsal already: then before it starts
    until = opens if opens > day.now else convening.starts_at
    if not ready:
        day.due.append(Task(
            _("Daftarkan pemindai untuk %(convening)s", convening=_name(convening)),
            _("Belum ada ponsel yang siap memindai di pintu. Satu ponsel cukup untuk mencoba; "
              "mendaftarkannya perlu satu menit."),
            _by(until, convening.timezone), _("Daftarkan pemindai"),
            url_for("organizer.door_stations", convening_id=convening.id), cohort))


def _addresses(day: Day, convening: Convening, cohort: str, invited: int, guests: str) -> None:
    sent = delivery.deliveries(db.session(), convening.id)
    told = mail_events.latest(db.session(), sent.values())
    failed = sum(delivery.lost(m, told.get(m.id)) for m in sent.values())
    missing = max(0, invited - len(sent)) + failed
    if missing and convening.starts_at > day.now:
        day.due.append(Task(
            ngettext("Telepon %(num)s jabatan yang tidak terjangkau surel",
                     "Telepon %(num)s jabatan yang tidak terjangkau surel", missing),
            _("Undangan %(convening)s belum sampai ke mereka: tanpa alamat, atau surelnya gagal "
              "dikirim.", convening=_name(convening)),
            _by(convening.reply_by, convening.timezone), _("Lihat undangan"), guests, cohort))


def _mailbox(day: Day, convening: Convening, cohort: str) -> None:
    waiting = guest_mail.waiting(db.session(), convening.id)
    if waiting:
        day.due.append(Task(
            ngettext("Baca %(num)s balasan surel", "Baca %(num)s balasan surel", waiting),
            _("Balasan atas undangan %(convening)s: surel biasa, usul waktu lain, atau jawaban "
              "yang perlu dipastikan.", convening=_name(convening)),
            _by(convening.reply_by, convening.timezone), _("Baca balasan"),
            url_for("organizer.mailbox", convening_id=convening.id), cohort))


def _items(day: Day, actor: Actor, cohort: Cohort) -> None:
    place = Where(cohort_id=cohort.id)
    name = cohort_name(cohort)
    items = standing.items_at(db.session(), cohort.id)
    claimed = [i for i in items if i.status == "claimed" and i.region_code not in actor.regions]
    if claimed and may(actor, "item.verify", place):
        oldest = min(i.recorded_at for i in claimed)
        day.week.append(Task(
            ngettext("Periksa %(num)s bukti yang diklaim selesai",
                     "Periksa %(num)s bukti yang diklaim selesai", len(claimed)),
            _("Yang tertua menunggu sejak %(day)s. Pemeriksa tidak boleh dari daerah yang sama.",
              day=filters.plain_date(filters.day_of(oldest, cohort.timezone), language())),
            _("minggu ini"), _("Periksa bukti"),
            url_for("organizer.verify"), name))
    if not may(actor, "item.manage", place):
        return
    asked = Counter(
        a.kind for a in dates.open_asks(db.session(), [i.id for i in items if i.unresolved]))
    if asked:
        day.week.append(Task(
            ngettext("Putuskan %(num)s permintaan pemilik tindak lanjut",
                     "Putuskan %(num)s permintaan pemilik tindak lanjut", asked.total()),
            _("%(time)s meminta waktu, %(drop)s meminta dihentikan.",
              time=asked["extension"], drop=asked["drop"]),
            _("minggu ini"), _("Lihat permintaan"),
            url_for("organizer.asks", cohort_id=cohort.id), name))
    lacking = [i for i in items if i.unresolved and i.missing]
    if lacking:
        day.week.append(Task(
            ngettext("Lengkapi %(num)s tindak lanjut", "Lengkapi %(num)s tindak lanjut",
                     len(lacking)),
            _("Belum ada penanggung jawab, tenggat, atau bukti selesainya. Pertemuan tidak dapat "
              "ditutup selama belum lengkap."),
            _("sebelum menutup"), _("Lengkapi"),
            url_for("organizer.items", cohort_id=cohort.id), name))


def _hand_overs(day: Day, actor: Actor, cohorts: Iterable[Cohort]) -> None:
    mine = [c.id for c in cohorts if may(actor, "pledge.edit", Where(cohort_id=c.id))]
    waiting = unfinished(db.session(), mine, now=day.now) if mine else []
    if waiting and may(actor, "directory.edit"):
        day.week.append(Task(
            ngettext("Selesaikan serah terima %(num)s jabatan",
                     "Selesaikan serah terima %(num)s jabatan", len(waiting)),
            _("Pejabatnya berganti; jawaban, mandat, atau komitmen atas nama yang lama masih "
              "menunggu."),
            _("minggu ini"), _("Lihat serah terima"), url_for("organizer.hand_overs")))


def _mail(day: Day, actor: Actor, cohorts: Iterable[Cohort]) -> None:
    seen = [c.id for c in cohorts if may(actor, "mail.see", Where(cohort_id=c.id))]
    if not seen:
        return
    mine = sa.and_(~Message.kind.startswith("job."), Message.cohort_id.in_(seen))
    rows = db.session.execute(
        sa.select(Message.state, sa.func.count(), sa.func.max(Message.sent_at))
        .where(mine).group_by(Message.state)).all()
    counts = {row[0]: row[1] for row in rows}
    day.waiting = counts.get("ready", 0) + counts.get("taken", 0)
    day.last_sent = max((row[2] for row in rows if row[2] is not None), default=None)
    failed = counts.get("failed", 0)
    if failed:
        day.due.append(Task(
            ngettext("Lihat %(num)s pesan yang gagal dikirim",
                     "Lihat %(num)s pesan yang gagal dikirim", failed),
            _("Perbaiki alamatnya di direktori, lalu kirim sekali lagi."),
            _("hari ini"), _("Lihat pesan"), url_for("organizer.mail", state="failed")))
