"""What a council's files must be beyond their shape: citations that exist, posts that people hold, ways on."""

from collections.abc import Iterator
from datetime import date

from pydantic import BaseModel

from models.conditions import Condition
from models.procedure import Council, Forum
from models.vocabulary import JourneyAct, SittingAct
from procedures.catalogue import catalogue
from rules.conditions import path_exists
from rules.working_days import after_duration

_ANY_DAY = date(2024, 1, 1)
ACTS = tuple(dict.fromkeys([*JourneyAct, *SittingAct]))
SEAT_FACTS = ("circumstances.looked_after", "child.in_custody", "child.remand_expected", "team.youth_justice")
"""What the condition of a seat may ask: a sitting knows no more of its cases."""
CLOCKS = (
    "cut_off",
    "action",
    "alternative_plan",
    "not_done",
    "post_decision",
    "listing",
    "review",
    "emergency_hearing",
    "submissions",
    "sitting_opening",
    "sitting_end",
    "decision_sheet",
)
"""Every clock that the engine runs: a council says how."""


def faults_of(council: Council, folder: str) -> list[str]:
    """Every fault of a council's procedure, one sentence each with file, key and remedy.

    Args:
        council: The procedure, of the right shape.
        folder: The name of its folder.
    """
    where = f"{folder}/council.toml"
    return [
        *_posts(council, where),
        *_complete(council, where),
        *_citations(council, folder),
        *_conditions(council, folder),
        *(fault for forum in council.forums.values() for fault in _forum(council, forum, folder)),
    ]


def _posts(council: Council, where: str) -> Iterator[str]:
    known = set(council.posts)
    used = {f"authority.{act}": rule.posts for act, rule in council.authority.items()}
    roles = council.roles
    used["roles"] = (roles.worker, roles.manager, roles.head, roles.administrator, *roles.informed)
    if council.emergency:
        used["emergency.posts"] = (*council.emergency.posts, *council.emergency.out_of_hours_posts)
        used["emergency.agreed_by"] = (council.emergency.agreed_by,)
    for key, posts in used.items():
        for post in posts:
            if post not in known:
                yield f"{where}: {key}: nobody can hold the post {post}. Add it under [posts] or name another."
    for name in known:
        climbed = [name]
        while (up := council.posts[climbed[-1]].next_up) is not None:
            if up not in known:
                yield f"{where}: posts.{climbed[-1]}.next_up: there is no post {up}. Add it under [posts]."
                break
            if up in climbed:
                yield f"{where}: posts.{name}.next_up: the ladder turns in a circle. Let it end at the top."
                break
            climbed.append(up)


def _complete(council: Council, where: str) -> Iterator[str]:
    for act in ACTS:
        if act not in council.authority:
            yield f"{where}: authority.{act}: is missing, so nobody could do it. Say which posts may."
    for act in council.authority:
        if act not in ACTS:
            yield f"{where}: authority.{act}: there is no such act. Remove it."
    for clock in CLOCKS:
        if clock not in council.clocks:
            yield f"{where}: clocks.{clock}: is missing. Write it, with what it cites."


def _citations(council: Council, folder: str) -> Iterator[str]:
    for path, cited in _cited(council, ""):
        for rule in cited:
            found = catalogue().get(rule)
            if found is None:
                yield f"{folder}: {path}: cites {rule}, which the catalogue does not have. Correct the id."


def _cited(part: object, path: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    if isinstance(part, BaseModel):
        for name in type(part).model_fields:
            value = getattr(part, name)
            if name in ("cites", "out_of_hours_cites", "agreed_cites", "alternative_plan_cites"):
                yield f"{path}{name}", value
            else:
                yield from _cited(value, f"{path}{name}.")
    elif isinstance(part, dict):
        for key, value in part.items():
            yield from _cited(value, f"{path}{key}.")
    elif isinstance(part, tuple):
        for number, value in enumerate(part):
            yield from _cited(value, f"{path}{number}.")


def _conditions(council: Council, folder: str) -> Iterator[str]:
    for path, condition in _asked(council, ""):
        if not path_exists(condition.path):
            yield f"{folder}: {path}: the intake form has no field {condition.path}. Correct the path."
        for setting in (condition.above_setting, condition.not_above_setting):
            if setting is not None and setting not in council.settings:
                yield f"{folder}: {path}: there is no setting {setting}. Declare it under [settings]."
        if condition.longer_than is not None:
            try:
                after_duration(_ANY_DAY, condition.longer_than)
            except ValueError as error:
                yield f"{folder}: {path}: longer_than: {error}. Correct it."


def _asked(part: object, path: str) -> Iterator[tuple[str, Condition]]:
    if isinstance(part, Condition):
        yield path, part
    elif isinstance(part, BaseModel):
        for name in type(part).model_fields:
            yield from _asked(getattr(part, name), f"{path}{name}.")
    elif isinstance(part, dict):
        for key, value in part.items():
            yield from _asked(value, f"{path}{key}.")
    elif isinstance(part, tuple):
        for number, value in enumerate(part):
            yield from _asked(value, f"{path}{number}.")


def _forum(council: Council, forum: Forum, folder: str) -> Iterator[str]:
    where = f"{folder}/{forum.key}.toml"
    yield from _body(council, forum, where)
    steps = [step.act for step in forum.chain]
    if steps not in ([], ["sign_off"], ["sign_off", "endorse"]):
        yield f"{where}: chain: {' then '.join(steps)} cannot be walked. Use sign_off, or sign_off then endorse."
    for seat in forum.seats:
        for condition in seat.when:
            if condition.path not in SEAT_FACTS:
                yield (
                    f"{where}: seats: {condition.path} is not known to a sitting. "
                    f"Ask for one of {', '.join(SEAT_FACTS)}."
                )
        if seat.post not in council.posts:
            yield f"{where}: seats: nobody can hold the post {seat.post}. Add it under [posts] or name another."
    for target in (*(onward.forum for onward in forum.onward), *forum.outranks):
        if target not in council.forums or target == forum.key:
            yield f"{where}: onward: there is no other forum {target}. Write its file or correct the key."
    for need in forum.requirements:
        if not path_exists(need.field):
            yield f"{where}: requirements: the intake form has no field {need.field}. Correct the path."
    yield from _limits(forum, where)


def _body(council: Council, forum: Forum, where: str) -> Iterator[str]:
    if forum.body == "sitting":
        for part in ("schedule", "capacity", "quorum"):
            if getattr(forum, part) is None:
                yield f"{where}: {part}: is missing; a forum that sits needs it. Write [{part}]."
        if not any(seat.role == "chair" for seat in forum.seats):
            yield f"{where}: seats: nobody chairs. Give one seat the role chair."
    elif forum.decided_by not in council.posts:
        yield f"{where}: forum.decided_by: nobody can hold the post {forum.decided_by}. Name one under [posts]."
    if not forum.options:
        yield f"{where}: options: the forum could decide nothing. List its options."


def _limits(forum: Forum, where: str) -> Iterator[str]:
    seats = [seat for seat in forum.seats if seat.role in ("chair", "independent", "member")]
    if forum.quorum is not None:
        others = sum(seat.count for seat in seats if seat.post == forum.quorum.post and seat.role != "chair")
        if others < forum.quorum.independent:
            yield (
                f"{where}: quorum.independent: asks for {forum.quorum.independent}, and only {others} seats are of "
                f"that post. Add seats or lower the quorum."
            )
    if forum.in_force_until is not None and forum.in_force_until < forum.in_force_from:
        yield f"{where}: forum.in_force_until: lies before in_force_from. Correct one of them."
