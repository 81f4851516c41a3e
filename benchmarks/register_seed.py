"""Fills a register with many journeys and what goes with them: through the log, as processes would have written it.

What is written is made up and always the same (but for salts and the time of recording): cases of all councils over
several years, most of them closed, with their sittings, decisions, actions, clocks and placements. The
read models are then folded from it by the fold itself. The events of one process stand together in the log; in life
they are mixed with those of others.
"""

import random
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from functools import cached_property
from itertools import islice
from math import ceil

import sqlalchemy as sql

from benchmarks.register_beside import A_SITTING, NOW, UNITS, YEARS, cites_of, placement_lines, sitting_lines
from benchmarks.register_story import Agenda, Fields, Story, clock_of
from models.vocabulary import Outcome, RequestKind
from procedures.loader import council_folders, load_council
from register.database import writing
from register.fold import catch_up
from register.log import Line, append
from rules.working_days import instant

AT_ONCE = 5000
"""Lines in one transaction."""
FOLDED_AT_ONCE = 2000
OPEN_DAYS = 45
"""Cases that were referred in the last so many days are still open, beside one in fifty of the older ones."""
EMERGENCIES, RETURNED, LATE, CARRIED_OVER, LACKED = 0.05, 0.12, 0.04, 0.05, 0.6
FORGOTTEN, DONE_LATE, WITH_COSTS = 0.02, 0.25, 0.5
"""How likely each of these is."""
WORKING_WEEK = 5


class Seed:
    """The stories of one council.

    Args:
        council: Its key.
        journeys: How many.
        seed: What chance begins with.
    """

    def __init__(self, council: str, journeys: int, seed: int = 1) -> None:
        self._council = load_council(council)
        self._key = council
        self._journeys = journeys
        self._random = random.Random(f"{council}/{seed}")  # noqa: S311 - stories, not secrets
        roles = self._council.roles
        self._worker, self._manager, self._head = roles.worker, roles.manager, roles.head
        self._administrator = roles.administrator
        self._agendas: dict[tuple[str, date], Agenda] = {}

    @cached_property
    def _forums(self) -> list[str]:
        return [key for key, forum in self._council.forums.items() if forum.body == "sitting"]

    @cached_property
    def _days_a_week(self) -> int:
        """On how many days a week each forum sits, so that nobody waits for long."""
        a_week = self._journeys / len(self._forums) / (YEARS * 52)
        return min(ceil(a_week * 1.2 / A_SITTING), WORKING_WEEK)

    def lines(self) -> Iterator[Line]:
        """Everything that the council's processes write, one process after the other."""
        for number in range(self._journeys):
            yield from self._journey(number)
        for agenda in self._agendas.values():
            yield from sitting_lines(self._council, agenda)
        for number in range(self._journeys // 8):
            yield from placement_lines(self._council, number, self._journeys, self._random)

    # ------------------------------------------------------------------------------------------------- journeys

    def _journey(self, number: int) -> Iterator[Line]:
        chance = self._random
        reference = f"{self._key[:3].upper()}-{number:06}"
        process = f"journey/{self._key}/{reference}"
        forum = chance.choice(self._forums)
        referred = NOW - timedelta(minutes=chance.randrange(60, YEARS * 365 * 24 * 60))
        unit = chance.randrange(UNITS)
        story = Story(process, referred, self._standing(process, forum, reference, referred))
        worker = f"sw-{self._key}-{unit}-{chance.randrange(8)}"
        yield story.line("refer", worker, self._worker, self._form(story, unit))
        ends = self._how_far(referred)
        emergency = chance.random() < EMERGENCIES
        if emergency:
            story.change(priority="emergency")
            yield story.line("authorise_emergency", f"hos-{self._key}-{unit}", self._head)
        if chance.random() < RETURNED:
            story.after(days=chance.randrange(1, 4), most=ends)
            story.stage("returned", self._worker)
            yield story.line("return_for_changes", f"tm-{self._key}-{unit}", self._manager)
        for what, post, stage, waiting in (
            ("sign_off", self._manager, "awaiting_endorsement", self._head),
            ("endorse", self._head, "listed", self._administrator),
        ):
            if not story.after(hours=chance.randrange(4, 90), most=ends):
                return
            story.stage(stage, waiting)
            if what == "endorse":
                self._list(story, reference, forum, emergency=emergency)
            yield story.line(what, f"{post[:3]}-{self._key}-{unit}", post)
        yield from self._heard(story, reference, forum, ends)

    def _how_far(self, referred: datetime) -> datetime:
        """Until when a story is told: until now, unless it is old and among those that somebody forgot."""
        if NOW - referred > timedelta(days=OPEN_DAYS) and self._random.random() < FORGOTTEN:
            return referred + timedelta(days=self._random.randrange(1, 60))
        return NOW

    def _list(self, story: Story, reference: str, forum: str, *, emergency: bool) -> None:
        days = self._days_a_week
        day = story.now.date() + timedelta(days=4)
        while True:
            if day.weekday() < days:
                agenda = self._agendas.setdefault((forum, day), Agenda(forum, day))
                if len(agenda.lines) < A_SITTING or emergency:
                    break
            day += timedelta(days=1)
        place = len(agenda.lines)
        slot = instant(day, time(9, 30)) + timedelta(minutes=20 * place)
        agenda.lines[reference] = {
            "referral_ref": reference,
            "child_ref": story.standing["child_ref"],
            "journey": story.process,
            "number": place + 1,
            "state": "listed",
            "slot": slot.isoformat(),
            "emergency": emergency,
            "carried_over": False,
            "late": self._random.random() < LATE,
            "extra": False,
            "documents": ["Chronology", "Care plan", "Genogram"],
            "criteria": [],
            "invited": [],
        }
        late = story.now > instant(day - timedelta(days=4), time(12))
        story.meet("cut_off", breached=late)
        story.change(sitting=day.isoformat(), slot=slot.isoformat())
        story.agenda = agenda

    def _heard(self, story: Story, reference: str, forum: str, ends: datetime) -> Iterator[Line]:
        chance = self._random
        heard = datetime.fromisoformat(story.standing["slot"])
        if heard > ends or story.agenda is None:
            return
        story.now = heard
        line = story.agenda.lines[reference]
        if chance.random() < CARRIED_OVER:
            line["state"] = "carried_over"
            story.stage("awaiting_listing", self._administrator)
            yield story.line("carried_over", f"adm-{self._key}", self._administrator)
            return
        outcome = self._outcome(emergency=line["emergency"])
        line |= {"state": "approved", "outcome": outcome}
        review = (heard + timedelta(weeks=26)).date()
        story.change(
            decisions={"1": self._decided(story, forum, outcome, review)},
            actions={
                f"A{n}": {
                    "reference": f"A{n}",
                    "what": "As recorded on the decision sheet",
                    "owner": {"post": self._worker, "staff": f"sw-{self._key}-{chance.randrange(UNITS)}-0"},
                    "due": (heard + timedelta(days=14 * n)).date().isoformat(),
                    "state": "open",
                }
                for n in (1, 2)
            },
            actions_open=2,
            outcome=outcome,
            review_on=review.isoformat(),
        )
        for n in (1, 2):
            story.clock(f"action:A{n}", heard + timedelta(days=14 * n), self._manager)
        story.clock("review", instant(review, time(9)), self._worker)
        story.stage("deferred" if outcome == Outcome.DEFERRED else "actions_open", self._worker)
        said = {"decided": story.standing["decisions"]["1"]["decided"]}
        yield story.line("decided", f"chair-{self._key}-{forum}", self._head, said)
        yield from self._done(story, ends)

    def _done(self, story: Story, ends: datetime) -> Iterator[Line]:
        chance = self._random
        if story.after(days=chance.randrange(1, 9), most=ends):
            approved = {"sheet_approved_at": story.now.isoformat()}
            story.change_in("decisions", "1", story.standing["decisions"]["1"] | approved)
            yield story.line("decision_sheet_approved", f"chair-{self._key}", self._head)
        for n in (1, 2):
            late = chance.random() < DONE_LATE
            due = datetime.fromisoformat(story.standing["clocks"][f"action:A{n}"]["due"])
            done = due + timedelta(days=chance.randrange(1, 20) if late else -chance.randrange(1, 10))
            if done > ends:
                if due < ends:
                    story.now = due
                    story.breach(f"action:A{n}")
                    yield story.line("action_overdue", "waymark", "system")
                return
            story.now = max(done, story.now)
            story.meet(f"action:A{n}", breached=late)
            done_now = story.standing["actions"][f"A{n}"] | {"state": "completed"}
            story.change_in("actions", f"A{n}", done_now)
            story.change(actions_open=2 - n)
            if n == 2:  # noqa: PLR2004 - the last one
                story.close()
            yield story.line("complete_action", f"sw-{self._key}-0-0", self._worker)

    def _outcome(self, *, emergency: bool) -> str:
        if emergency:
            return self._random.choices([Outcome.RATIFIED, Outcome.NOT_RATIFIED], [9, 1])[0].value
        outcomes = [Outcome.APPROVED, Outcome.APPROVED_WITH_CONDITIONS, Outcome.DECLINED, Outcome.DEFERRED]
        return self._random.choices([*outcomes, Outcome.ADVISED], [50, 20, 10, 12, 8])[0].value

    def _decided(self, story: Story, forum: str, outcome: str, review: date) -> Fields:
        missing = ["An up-to-date chronology"] if outcome == Outcome.DEFERRED and self._random.random() < LACKED else []
        decided = {
            "decision": outcome,
            "rationale": "As recorded on the decision sheet.",
            "missing": missing,
            "review_on": review.isoformat(),
        }
        return {
            "decided": decided,
            "legal_section": "section 20",
            "by": {"staff": f"chair-{self._key}-{forum}", "post": self._head, "council": self._key},
            "at": story.now.isoformat(),
            "forum": forum,
            "sitting": story.now.date().isoformat(),
            "same_person_flag": False,
            "recommends": False,
            "flags": [],
        }

    def _standing(self, process: str, forum: str, reference: str, at: datetime) -> Fields:
        child = f"C-{self._key[:3]}-{self._random.randrange(max(self._journeys * 6 // 10, 1)):06}"
        cut_off = at + timedelta(days=self._random.randrange(2, 9))
        return {
            "process": process,
            "council": self._key,
            "forum": forum,
            "procedure_version": self._council.version,
            "stage": "awaiting_sign_off",
            "stage_since": at.isoformat(),
            "waiting_on": self._manager,
            "priority": "normal",
            "overdue": False,
            "escalated": False,
            "open": True,
            "next_deadline": cut_off.isoformat(),
            "clocks": {"cut_off": clock_of("cut_off", at, cut_off, self._manager, cites_of(self._council, "cut_off"))},
            "escalations": [],
            "flags": [],
            "referral_ref": reference,
            "child_ref": child,
            "criteria": [],
            "recommended_forum": forum,
            "mismatch": False,
            "data_quality": [],
            "documents_missing": [],
            "missing_information": [],
            "actions": {},
            "actions_open": 0,
            "decisions": {},
            "proposed": [],
            "authorised": {},
            "confirmed": [],
            "holds": [],
            "begun": [],
            "provisional": False,
        }

    def _form(self, story: Story, unit: int) -> Fields:
        weekly = self._random.randrange(300, 6000)
        return {
            "referral_ref": story.standing["referral_ref"],
            "council": self._key,
            "forum": story.standing["forum"],
            "child": {"reference": story.standing["child_ref"], "date_of_birth": "2014-05-01"},
            "team": {"name": f"Team {unit}", "unit": f"unit {unit}"},
            "request": {"kind": self._random.choice(list(RequestKind)).value},
            "costs": {"present": 0, "proposed": weekly, "difference": weekly}
            if self._random.random() < WITH_COSTS
            else None,
        }


def fill(engine: sql.Engine, journeys: int, told: Callable[[str], None] = print) -> int:
    """Fill an empty register.

    Args:
        engine: The register's.
        journeys: How many, over all councils.
        told: What hears how far it has come.

    Returns:
        How many events the log has then.
    """
    councils = sorted(council_folders())
    written = 0
    for key in councils:
        lines = Seed(key, journeys // len(councils)).lines()
        while batch := list(islice(lines, AT_ONCE)):
            with writing(engine) as connection:
                append(connection, batch)
            written += len(batch)
        told(f"{key}: {written:,} events in the log")
    folded = catch_up(engine, FOLDED_AT_ONCE)
    told(f"{folded:,} events folded")
    return written
