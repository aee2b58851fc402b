"""Random histories of a programme: every step is taken by the rules and noted in the model."""

from __future__ import annotations

import dataclasses
import datetime as dt
import random
from typing import Any

from sqlalchemy.orm import Session

from cohorts.actions import dates, drops, items, moves, splits, templates
from cohorts.actions.standing import Standing, item
from cohorts.convenings import convening
from cohorts.directory.tables import Office
from cohorts.ground.access import Actor
from cohorts.ground.refusal import Refusal
from cohorts.turns.cancel import cancel
from cohorts.turns.close import close
from cohorts.turns.join import join
from cohorts.turns.leave import leave
from cohorts.turns.reopen import reopen
from cohorts.turns.start import start
from cohorts.turns.transfer import transfer
from tests.build import actions as build
from tests.build import convenings as build_convenings
from tests.build import directory
from tests.domain.turns.model import Meeting, Model, Thing

CODES = ("14.08", "14.72", "32.11", "51.71", "33.74", "73.71")
ROLES = ("sekda", "kadiskominfo")
WIB = dt.timedelta(hours=7)  # the cohorts' zone
BEGIN = dt.datetime(2022, 11, 1, 1, 0, tzinfo=dt.UTC)
REAL = ("not_feasible", "regulation_changed", "force_majeure", "no_longer_relevant")
PROGRESS = ("open", "in_progress", "blocked")

STEPS = {  # step: weight
    "time": 6, "raise_item": 12, "raise_incomplete": 2, "complete": 9, "move": 34, "drop": 3,
    "duplicate": 3, "restore": 3, "extend": 3, "split": 5, "merge": 5, "template": 2, "join": 3,
    "leave": 2, "transfer": 2, "plan": 9, "postpone": 3, "cancel": 2, "start": 14, "close": 14,
    "reopen": 5, "mischief": 6,
}  # fmt: skip


class Unlucky(Exception):  # noqa: N818 - an outcome: nothing fits this step just now
    """Nothing in the history allows the step that was drawn."""


class History:
    """One programme of two cohorts that lives by chance. ``trace`` tells what happened."""

    def __init__(self, session: Session, seed: int) -> None:
        self.session, self.rng, self.now = session, random.Random(seed), BEGIN
        self.model, self.trace = Model(), []
        self.offices: dict[tuple[str, str], Office] = {}
        self.templates: list[Any] = []
        self.bytes: dict[str, bytes] = {}
        self.owners: dict[tuple[str, str], Actor] = {}
        first = build_convenings.a_cohort(session, *CODES[:4])
        second = build_convenings.a_cohort(session, CODES[4])
        self.cohorts = {first.id: first, second.id: second}
        self.model.members = {first.id: set(CODES[:4]), second.id: {CODES[4]}}
        for code in CODES:
            for role in ROLES:
                self.offices[code, role] = directory.an_office(session, code, role)

    # --- one step ---------------------------------------------------------------------------

    def step(self) -> str:
        """Take one step and return the cohort it happened in."""
        self.now += dt.timedelta(hours=self.rng.choice((1, 2, 5, 24)))
        cohort = self.rng.choices(list(self.cohorts), (5, 1))[0]
        names = list(STEPS)
        for _ in range(30):
            name = self.rng.choices(names, list(STEPS.values()))[0]
            try:
                getattr(self, name)(cohort)
            except Unlucky:
                continue
            self.trace.append(f"{self.now:%m-%d %H} {name}")
            return cohort
        self.time(cohort)
        return cohort

    def one(self, found: list[Any]) -> Any:
        if not found:
            raise Unlucky
        return self.rng.choice(found)

    def day(self, more: int) -> dt.date:
        """The cohorts' present day and some more."""
        return (self.now + WIB).date() + dt.timedelta(days=more)

    def owner(self, thing: Thing) -> Actor:
        key = (thing.cohort, str(thing.office))
        if key not in self.owners:
            office = self.session.get_one(Office, thing.office)
            self.owners[key] = build.an_owner(self.session, self.cohorts[thing.cohort], office)
        return self.owners[key]

    def note(self, standing: Standing, **more: Any) -> Thing:
        return Thing(
            id=standing.id, cohort=standing.cohort_id, region=standing.region_code,
            office=standing.owner_office_id, status=standing.status,
            original_due=standing.original_due, due_on=standing.due_on,
            first_raised=standing.first_raised, **more,
        )  # fmt: skip

    # --- items --------------------------------------------------------------------------------

    def time(self, cohort: str) -> None:
        self.now += dt.timedelta(days=self.rng.randint(1, 12))

    def running(self, cohort: str) -> list[Meeting]:
        return [m for m in self.model.begun(cohort) if m.state == "in_progress"]

    def raise_item(self, cohort: str) -> None:
        code = self.one(sorted(self.model.members[cohort]))
        running = self.running(cohort)
        meeting = self.rng.choice(running).id if running and self.rng.random() < 0.8 else None
        due = self.day(self.rng.randint(0, 40))
        raised = items.raise_item(
            self.session, cohort, title="Janji", criterion="Bukti", due_on=due,
            office_id=self.offices[code, self.rng.choice(ROLES)].id, convening_id=meeting,
            actor=build.ORGANISER, now=self.now,
        )  # fmt: skip
        assert raised.original_due == raised.due_on == due
        self.model.add(self.note(raised))

    def raise_incomplete(self, cohort: str) -> None:
        meeting = self.one(self.running(cohort))
        raised = items.raise_item(self.session, cohort, title="Catatan", convening_id=meeting.id,
                                  actor=build.MINUTES, now=self.now)  # fmt: skip
        self.model.add(self.note(raised))

    def complete(self, cohort: str) -> None:
        lacking = [t for t in self.model.of(cohort, *PROGRESS) if t.office is None]
        thing = self.one(lacking)
        code = self.one(sorted(self.model.members[cohort]))
        office = self.offices[code, self.rng.choice(ROLES)]
        thing.original_due = thing.due_on = self.day(self.rng.randint(0, 40))
        thing.office, thing.region = office.id, code
        items.complete(self.session, thing.id, version=None, office_id=office.id,
                       due_on=thing.due_on, criterion="Bukti", actor=build.ORGANISER,
                       now=self.now)  # fmt: skip

    def move(self, cohort: str) -> None:
        thing = self.one([t for t in self.model.of(cohort) if t.office is not None])
        ways = [(to, way) for (source, to), way in moves.WAYS.items()
                if source == thing.status and source != "dropped"]  # fmt: skip
        to, way = self.one(ways)
        actors = []
        if way.owner:
            actors.append(self.owner(thing))
        if way.mentor and thing.region not in build.MENTOR.regions:
            actors.append(build.MENTOR)
        if way.organizer != "no":
            actors += [build.ORGANISER, build.OTHER_ORGANISER]
        actor = self.one([a for a in actors if not (to == "verified" and a.id == thing.claimed_by)])
        moves.move(self.session, thing.id, to, actor=actor, now=self.now, note="Catatan",
                   blocked_by="BPKAD", proofs=[build.SCAN] if to == "claimed" else [])  # fmt: skip
        thing.status = to
        if to == "claimed":
            thing.claimed_by = actor.id

    def drop(self, cohort: str) -> None:
        thing = self.one(self.model.of(cohort, *PROGRESS))
        reason = self.rng.choice(REAL)
        drops.drop(self.session, thing.id, reason, actor=build.ORGANISER, now=self.now)
        self.model.drop(thing.id, reason)

    def duplicate(self, cohort: str) -> None:
        thing = self.one(self.model.of(cohort, *PROGRESS))
        answer = self.one([
            t for t in self.model.of(cohort)
            if t.id != thing.id and t.status != "dropped" and t.region == thing.region
            and (thing.original_due is None
                 or (t.original_due is not None and t.original_due <= thing.original_due))
        ])  # fmt: skip
        drops.drop(self.session, thing.id, "duplicate", answered_by_id=answer.id,
                   actor=build.ORGANISER, now=self.now)  # fmt: skip
        self.model.drop(thing.id, "duplicate", answer.id)

    def restore(self, cohort: str) -> None:
        thing = self.one([
            t for t in self.model.of(cohort, "dropped")
            if t.reason not in ("split", "merged", "transferred")
            and (t.reason != "left_cohort" or t.region in self.model.members[cohort])
        ])  # fmt: skip
        to = self.rng.choice(("open", "in_progress"))
        drops.restore(self.session, thing.id, to=to, actor=build.ORGANISER, now=self.now)
        thing.status, thing.reason, thing.answered_by = to, None, None

    def extend(self, cohort: str) -> None:
        thing = self.one([t for t in self.model.of(cohort, *PROGRESS) if t.due_on])
        thing.due_on += dt.timedelta(days=self.rng.randint(1, 60))
        dates.grant_due(self.session, thing.id, thing.due_on, reason="Anggaran bergeser.",
                        actor=build.ORGANISER, now=self.now)  # fmt: skip

    def split(self, cohort: str) -> None:
        thing = self.one([t for t in self.model.of(cohort, *PROGRESS) if t.office])
        parts = [splits.Part(f"Bagian {n}") for n in range(self.rng.randint(2, 3))]
        made = splits.split(self.session, thing.id, parts, actor=build.ORGANISER, now=self.now)
        for part in made:
            assert (part.status, part.due_on, part.original_due, part.first_raised) == (
                thing.status, thing.due_on, thing.original_due, thing.first_raised
            )  # fmt: skip
        self.model.split(thing.id, [self.note(part) for part in made])

    def merge(self, cohort: str) -> None:
        thing = self.one([t for t in self.model.of(cohort, *PROGRESS) if t.office])
        others = [t for t in self.model.of(cohort, *PROGRESS)
                  if t.office == thing.office and t.id != thing.id]  # fmt: skip
        parents = [thing, *self.rng.sample(others, min(len(others), self.rng.randint(1, 2)))]
        if len(parents) < 2:
            raise Unlucky
        made = splits.merge(self.session, [p.id for p in parents], title="Gabungan",
                            criterion="Bukti", actor=build.ORGANISER, now=self.now)  # fmt: skip
        assert made.original_due == min(p.original_due for p in parents)
        assert made.first_raised == min(p.first_raised for p in parents)
        least = [s for s in ("open", "blocked", "in_progress") if s in {p.status for p in parents}]
        assert made.status == least[0]
        self.model.merge([p.id for p in parents], self.note(made))

    def template(self, cohort: str) -> None:
        if len(self.templates) >= 3:
            raise Unlucky
        due = self.day(self.rng.randint(0, 30))
        made, raised = templates.make_template(
            self.session, cohort, title="Untuk semua", criterion="Bukti", role_key="sekda",
            due_on=due, lead_days=20, actor=build.ORGANISER, now=self.now,
        )  # fmt: skip
        assert {one.region_code for one in raised} == self.model.members[cohort]
        assert all(one.original_due == due for one in raised)
        self.templates.append((cohort, made, set(self.model.members[cohort])))
        for one in raised:
            self.model.add(self.note(one, template=made.id))
        again = templates.apply_template(self.session, made.id, actor=build.ORGANISER, now=self.now)
        assert again == []

    # --- members ------------------------------------------------------------------------------

    def joined(self, cohort: str, code: str, raised: list[Standing]) -> None:
        expected = [t for c, t, had in self.templates if c == cohort and code not in had]
        assert {one.template_id for one in raised} == {t.id for t in expected}
        for one in raised:
            template = next(t for t in expected if t.id == one.template_id)
            lead = self.day(0) + dt.timedelta(days=template.lead_days)
            assert one.original_due == max(template.due_on, lead)
            self.model.add(self.note(one, template=template.id))
        for c, _, had in self.templates:
            if c == cohort:
                had.add(code)
        self.model.members[cohort].add(code)

    def join(self, cohort: str) -> None:
        free = set(CODES) - set().union(*self.model.members.values())
        code = self.one(sorted(free))
        result = join(self.session, cohort, code, entry_path="later", joined_on=self.day(0),
                      actor=build.ORGANISER, now=self.now)  # fmt: skip
        self.joined(cohort, code, result.items)

    def leave(self, cohort: str) -> None:
        if len(self.model.members[cohort]) < 2:
            raise Unlucky
        code = self.one(sorted(self.model.members[cohort]))
        leave(self.session, cohort, code, left_on=self.day(0), reason="Pindah prioritas.",
              actor=build.ORGANISER, now=self.now)  # fmt: skip
        self.model.members[cohort].discard(code)
        for thing in self.model.of(cohort, *PROGRESS):
            if thing.region == code:
                self.model.drop(thing.id, "left_cohort")

    def transfer(self, cohort: str) -> None:
        if len(self.model.members[cohort]) < 2:
            raise Unlucky
        code = self.one(sorted(self.model.members[cohort]))
        other = next(c for c in self.cohorts if c != cohort)
        moving = [t for t in self.model.of(cohort, *PROGRESS) if t.region == code]
        result = transfer(self.session, cohort, other, code, moved_on=self.day(0),
                          reason="Kohort baru.", actor=build.ORGANISER, now=self.now)  # fmt: skip
        assert {one.id for one in result.moved} == {t.id for t in moving}
        for thing in moving:
            new = item(self.session, thing.id)
            child = item(self.session, str(new.answered_by_id))
            assert (child.first_raised, child.original_due, child.due_on, child.status) == (
                thing.first_raised, thing.original_due, thing.due_on, thing.status
            )  # fmt: skip
            self.model.add(self.note(child))
            self.model.drop(thing.id, "transferred", child.id)
        self.model.members[cohort].discard(code)
        self.joined(other, code, result.raised)

    # --- convenings ---------------------------------------------------------------------------

    def plan(self, cohort: str) -> None:
        planned = self.model.planned(cohort)
        if len(planned) >= 3:
            raise Unlucky
        begun = self.model.begun(cohort)
        floor = max([self.now, *(m.starts_at for m in begun)])
        starts = floor + dt.timedelta(days=self.rng.randint(1, 20), minutes=self.rng.randint(1, 9))
        made = build_convenings.a_draft(
            self.session, self.cohorts[cohort], now=self.now, **self.hours(starts))
        self.model.meetings[made.id] = Meeting(made.id, cohort, made.number, starts)
        if self.rng.random() < 0.9:
            self.announce(made.id)

    def hours(self, starts: dt.datetime) -> dict[str, dt.datetime]:
        hour = dt.timedelta(hours=1)
        return {"starts_at": starts, "ends_at": starts + 6 * hour, "reply_by": starts - hour,
                "door_opens_at": starts - hour, "door_closes_at": starts + 5 * hour}  # fmt: skip

    def announce(self, meeting: str) -> None:
        convening.announce(self.session, meeting, build.ORGANISER, self.now)
        self.model.meetings[meeting].state = "announced"

    def postpone(self, cohort: str) -> None:
        meeting = self.one(self.model.planned(cohort))
        meeting.starts_at += dt.timedelta(days=self.rng.randint(1, 15))
        row = convening.get(self.session, meeting.id)
        wanted = dataclasses.replace(convening.as_planned(row), **self.hours(meeting.starts_at))
        convening.edit(self.session, meeting.id, wanted, row.version, build.ORGANISER, self.now)

    def cancel(self, cohort: str) -> None:
        meeting = self.one(self.model.planned(cohort))
        cancel(self.session, meeting.id, reason="Ditiadakan.", actor=build.ORGANISER, now=self.now)
        meeting.state = "cancelled"

    def start(self, cohort: str) -> None:
        meeting = self.one(self.model.planned(cohort)[:1])
        if meeting.state == "draft":
            self.announce(meeting.id)
        start(self.session, meeting.id, actor=build.ORGANISER, now=self.now)
        meeting.state = "in_progress"
        meeting.frozen = sorted(self.model.unresolved(cohort))
        assert start(self.session, meeting.id, actor=build.ORGANISER, now=self.now)

    def close(self, cohort: str) -> None:
        meeting = self.one(self.running(cohort)[:1])
        lacking = {t.id for t in self.model.of(cohort, *PROGRESS)
                   if t.office is None or t.due_on is None}  # fmt: skip
        held = self.rng.random() < 0.8
        if lacking:
            code, facts = self.refused(close, meeting.id, held=held)
            assert (code, {one["id"] for one in facts["items"]}) == ("turns.incomplete", lacking)
            return
        closing = close(self.session, meeting.id, held=held, actor=build.ORGANISER, now=self.now)
        self.model.close(meeting.id, held=held)
        assert (closing.revision, closing.held) == (meeting.revision, held)
        self.bytes[closing.id] = closing.data
        twice = close(self.session, meeting.id, actor=build.ORGANISER, now=self.now)
        assert twice.id == closing.id

    def reopen(self, cohort: str) -> None:
        closed = [m for m in self.model.begun(cohort)[-1:] if m.state == "closed"]
        meeting = self.one(closed)
        reopen(self.session, meeting.id, reason="Salah catat.", actor=build.ORGANISER,
               now=self.now)  # fmt: skip
        self.model.reopen(meeting.id)

    # --- what is refused ----------------------------------------------------------------------

    def refused(self, rule: Any, *args: Any, **more: Any) -> tuple[str, dict[str, Any]]:
        """The refusal of a call; the call must not change anything, which the next check sees."""
        more = {"actor": build.ORGANISER, "now": self.now, **more}
        try:
            rule(self.session, *args, **more)
        except Refusal as refusal:
            return refusal.code, refusal.facts
        raise AssertionError(f"{rule.__name__} was not refused: {args} {more}")

    def mischief(self, cohort: str) -> None:
        """Try a shortcut; the rules must say no."""
        self.rng.choice((self.skip_queue, self.reopen_old, self.close_early, self.drop_claimed,
                         self.own_verdict, self.split_claimed, self.raise_anew,
                         self.revive))(cohort)  # fmt: skip

    def skip_queue(self, cohort: str) -> None:
        meeting = self.one([m for m in self.model.planned(cohort)[1:] if m.state == "announced"])
        assert self.refused(start, meeting.id)[0] == "convenings.earlier_planned"

    def reopen_old(self, cohort: str) -> None:
        meeting = self.one([m for m in self.model.begun(cohort)[:-1] if m.state == "closed"])
        assert self.refused(reopen, meeting.id, reason="x")[0] == "convenings.later_begun"

    def close_early(self, cohort: str) -> None:
        meeting = self.one(self.running(cohort)[1:])
        assert self.refused(close, meeting.id)[0] == "turns.earlier_in_progress"

    def drop_claimed(self, cohort: str) -> None:
        thing = self.one(self.model.of(cohort, "claimed"))
        assert self.refused(drops.drop, thing.id, "not_feasible")[0] == "actions.claimed"
        code, _ = self.refused(dates.grant_due, thing.id, self.day(99), reason="x")
        assert code == "actions.claimed"

    def own_verdict(self, cohort: str) -> None:
        thing = self.one(list(self.model.of(cohort, "claimed")))
        assert self.refused(moves.verify, thing.id, actor=self.owner(thing))[0] in (
            "ground.not_allowed", "actions.own_region"
        )  # fmt: skip

    def split_claimed(self, cohort: str) -> None:
        thing = self.one(self.model.of(cohort, "claimed"))
        parts = [splits.Part("a"), splits.Part("b")]
        assert self.refused(splits.split, thing.id, parts)[0] == "actions.claimed"

    def raise_anew(self, cohort: str) -> None:
        thing = self.one([t for t in self.model.of(cohort, *PROGRESS) if t.original_due])
        later = self.one([t for t in self.model.of(cohort)
                          if t.region == thing.region and t.status != "dropped"
                          and t.original_due and t.original_due > thing.original_due])  # fmt: skip
        code, _ = self.refused(drops.drop, thing.id, "duplicate", answered_by_id=later.id)
        assert code == "actions.answer_due_later"

    def revive(self, cohort: str) -> None:
        thing = self.one([t for t in self.model.of(cohort, "dropped")
                          if t.reason in ("split", "merged", "transferred")])  # fmt: skip
        assert self.refused(drops.restore, thing.id, to="open")[0] == "actions.replaced"
