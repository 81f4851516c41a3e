"""What goes on beside the made-up journeys: their sittings, and placements of children."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta

from benchmarks.register_story import Agenda, Story, clock_of
from models.procedure import Council
from register.log import Line
from rules.working_days import instant

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
"""When the made-up register is looked at."""
YEARS = 4
A_SITTING = 20
"""Cases on an agenda."""
UNITS = 12
"""Teams of each council."""
OUT_OF_AREA, TO_THE_END, NEVER_DONE = 0.3, 0.8, 0.03
"""How likely each of these is."""


def cites_of(council: Council, clock: str) -> str:
    """A rule that a clock cites.

    Args:
        council: Its procedure.
        clock: The clock's name.
    """
    rule = council.clocks.get(clock)
    return rule.cites[0] if rule else next(iter(council.clocks.values())).cites[0]


def sitting_lines(council: Council, agenda: Agenda) -> Iterator[Line]:
    """What a sitting writes, as far as it has come by now.

    Args:
        council: Its procedure.
        agenda: The day, and the cases.
    """
    process = f"sitting/{council.key}/{agenda.forum}/{agenda.on}"
    starts = instant(agenda.on, time(9, 30))
    cut_off = instant(agenda.on - timedelta(days=4), time(12))
    planned = min(starts - timedelta(days=14), NOW)
    standing = {
        "process": process,
        "council": council.key,
        "forum": agenda.forum,
        "procedure_version": council.version,
        "stage": "planned",
        "stage_since": planned.isoformat(),
        "waiting_on": council.roles.administrator,
        "priority": "normal",
        "overdue": False,
        "escalated": False,
        "open": True,
        "next_deadline": cut_off.isoformat(),
        "clocks": {
            "submissions": clock_of(
                "submissions", planned, cut_off, council.roles.administrator, cites_of(council, "submissions")
            )
        },
        "escalations": [],
        "flags": [],
        "sitting": agenda.on.isoformat(),
        "starts": starts.isoformat(),
        "ends": (starts + timedelta(hours=4)).isoformat(),
        "cut_off": cut_off.isoformat(),
        "chair": f"chair-{council.key}-{agenda.forum}",
        "capacity": A_SITTING,
        "agenda": agenda.lines,
        "seats": [council.roles.head, council.roles.administrator],
        "present": [],
        "apologies": [],
        "learning": [],
        "chair_expected": [],
    }
    story = Story(process, planned, standing)
    yield story.line("sitting_planned", "waymark", "system")
    if cut_off > NOW:
        return
    story.now = cut_off
    story.meet("submissions")
    story.stage("closed_for_submissions", council.roles.administrator)
    yield story.line("closed_for_submissions", "waymark", "system")
    if starts > NOW:
        return
    story.now = starts
    story.stage("in_session", council.roles.head)
    yield story.line("open_sitting", f"chair-{council.key}-{agenda.forum}", council.roles.head)
    story.now = starts + timedelta(hours=4)
    story.stage("closed", "")
    story.close()
    yield story.line("close_sitting", f"chair-{council.key}-{agenda.forum}", council.roles.head)


def placement_lines(council: Council, number: int, journeys: int, chance: random.Random) -> Iterator[Line]:
    """What a placement writes, as far as it has come by now.

    Args:
        council: Its procedure.
        number: Of the placement.
        journeys: How many the council has: children are as many as six in ten of them.
        chance: What decides how it goes.
    """
    process = f"placement/{council.key}/PL-{council.key[:3].upper()}-{number:05}"
    began = NOW - timedelta(days=chance.randrange(1, YEARS * 365))
    contract = began + timedelta(weeks=chance.choice((26, 52, 104, 156)))
    rules = council.placement
    keys = [one.key for one in rules.deadlines][:4] if rules else []
    facts = {
        "placement.type": chance.choice(("U6", "U4", "K2", "H5", "S1")),
        "placement.out_of_area": chance.random() < OUT_OF_AREA,
        "placement.starts_on": began.date().isoformat(),
        "contract.ends": contract.date().isoformat(),
        "contract.weekly_cost": str(chance.randrange(400, 9000)),
        "provider.reference": f"provider-{chance.randrange(60)}",
    }
    clocks = {
        key: clock_of(key, began, began + timedelta(days=chance.randrange(1, 30)), council.roles.worker, rules.cites[0])
        for key in keys
        if rules
    }
    clocks["contract_end"] = clock_of(
        "contract_end", began, contract, council.roles.manager, cites_of(council, "review")
    )
    standing = {
        "process": process,
        "council": council.key,
        "forum": "",
        "procedure_version": council.version,
        "stage": "active",
        "stage_since": began.isoformat(),
        "waiting_on": council.roles.worker,
        "priority": "normal",
        "overdue": False,
        "escalated": False,
        "open": True,
        "next_deadline": contract.isoformat(),
        "clocks": clocks,
        "child_ref": f"C-{council.key[:3]}-{chance.randrange(max(journeys * 6 // 10, 1)):06}",
        "unit": f"unit {chance.randrange(UNITS)}",
        "facts": facts,
    }
    story = Story(process, began, standing)
    yield story.line("start_placement", f"sw-{council.key}-0-0", council.roles.worker)
    for key in keys:
        due = datetime.fromisoformat(clocks[key]["due"])
        story.now = due + timedelta(days=chance.choice((-1, -1, -1, 0, 2)))
        if story.now > NOW or chance.random() < NEVER_DONE:
            continue
        story.meet(key, breached=story.now > due)
        yield story.line("record_check", f"sw-{council.key}-0-0", council.roles.worker)
    ended = contract if chance.random() < TO_THE_END else began + (contract - began) / 2
    if ended < NOW:
        story.now = ended
        story.change(facts=facts | {"placement.ended_on": ended.date().isoformat()})
        story.close()
        yield story.line("end_placement", f"sw-{council.key}-0-0", council.roles.worker)
