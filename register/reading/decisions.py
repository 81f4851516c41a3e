"""Cases as the papers of a meeting need them: the form as it stands, who signed when, its papers, what was decided."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sql

from models.vocabulary import JourneyAct
from register.read_models import PROCESS
from register.reading.happenings import AT_ONCE, Happening, happenings
from register.reading.sitting_parts import By, Read

SIGNING = (JourneyAct.SIGN_OFF, JourneyAct.ENDORSE)
AGREEING = (JourneyAct.AGREE_LATE, JourneyAct.AGREE_EXTRA, JourneyAct.AUTHORISE_EMERGENCY)


class Signed(Read):
    """A signature, on which version of the form, and what it vouched for; or an agreement out of the ordinary."""

    act: str
    by: By
    form_version: int
    comments: str | None = None
    confirmed: tuple[str, ...] = ()


class Attached(Read):
    """A paper of a case. Version 0 is one that does not apply, and why."""

    name: str
    version: int
    by: By | None = None
    original: bool = False
    not_applicable: str | None = None


class Taken(Read):
    """A decision on the case, wherever it was taken."""

    number: int
    outcome: str
    at: datetime
    by: str
    post: str
    forum: str
    sitting: date | None = None
    recommends: bool = False
    legal_section: str | None = None
    rationale: str = ""
    review_on: date | None = None
    same_person: bool = False


class Case(Read):
    """A case as it stands. `form` is the intake form with its amendments; empty where it has been erased."""

    journey: str
    referral_ref: str
    child_ref: str | None
    forum: str
    unit: str
    team: str
    priority: str
    form: Mapping[str, Any]
    form_version: int
    form_at: By | None
    signatures: tuple[Signed, ...]
    papers: tuple[Attached, ...]
    missing: tuple[str, ...]
    missing_information: tuple[str, ...]
    flags: tuple[str, ...]
    criteria: tuple[str, ...]
    decisions: tuple[Taken, ...]
    review_on: date | None
    position: int
    last_at: datetime

    @property
    def kind(self) -> str | None:
        """What is asked for, by its key."""
        asked: Any = self.form.get("request", {}).get("kind")
        return asked if isinstance(asked, str) else None


def cases_of(connection: sql.Connection, journeys: Iterable[str]) -> dict[str, Case]:
    """Some cases, by their referral references; one that the register does not know yet is left out.

    Args:
        connection: To the register, caught up.
        journeys: Process ids.
    """
    wanted = list(dict.fromkeys(journeys))
    logs = happenings(connection, wanted)
    found: dict[str, Case] = {}
    for some in (wanted[start : start + AT_ONCE] for start in range(0, len(wanted), AT_ONCE)):
        for row in connection.execute(sql.select(PROCESS).where(PROCESS.c.process_id.in_(some))).mappings():
            case = _case(row, logs[row["process_id"]])
            found[case.referral_ref] = case
    return found


def _case(row: sql.RowMapping, log: Sequence[Happening]) -> Case:
    standing = row["standing"]
    form, version, at = _form(log)
    return Case(
        journey=row["process_id"],
        referral_ref=row["reference"],
        child_ref=row["child_ref"],
        forum=row["forum"],
        unit=form.get("team", {}).get("unit") or row["unit"],
        team=form.get("team", {}).get("name") or row["team"],
        priority=row["priority"],
        form=form,
        form_version=version,
        form_at=at,
        signatures=_signatures(log),
        papers=_papers(form, at, log),
        missing=tuple(standing.get("documents_missing", ())),
        missing_information=tuple(standing.get("missing_information", ())),
        flags=tuple(standing.get("flags", ())),
        criteria=tuple(one["rule"] for one in standing.get("criteria", ())),
        decisions=_taken(standing.get("decisions", {})),
        review_on=standing.get("review_on"),
        position=log[-1].position if log else 0,
        last_at=row["last_at"],
    )


def _who(event: Happening) -> By:
    return By.model_validate(event.model_dump(include=set(By.model_fields)))


def _form(log: Iterable[Happening]) -> tuple[dict[str, Any], int, By | None]:
    """The form with its amendments, how many times it was written, and who wrote it last."""
    form: dict[str, Any] = {}
    version, at = 0, None
    for event in log:
        if event.what == JourneyAct.REFER:
            form, version, at = dict(event.details), 1, _who(event)
        elif event.what == JourneyAct.AMEND and form:
            for path, value in event.details.items():
                _put(form, path, value)
            version, at = version + 1, _who(event)
    return form, version, at


def _put(form: dict[str, Any], path: str, value: Any) -> None:  # noqa: ANN401 - any JSON value
    """Set a field of a form; a dotted path reaches inside. What the log holds was accepted, so it is not judged."""
    first, _, rest = path.partition(".")
    if rest:
        inner = form.get(first)
        form[first] = dict(inner) if isinstance(inner, dict) else {}
        _put(form[first], rest, value)
    else:
        form[first] = value


def _signatures(log: Iterable[Happening]) -> tuple[Signed, ...]:
    found: list[Signed] = []
    version = 0
    for event in log:
        if event.what in (JourneyAct.REFER, JourneyAct.AMEND):
            version += 1
        if event.what in (*SIGNING, *AGREEING):
            said = event.details
            found.append(
                Signed(
                    act=event.what,
                    by=_who(event),
                    form_version=version,
                    comments=said.get("comments") or said.get("reasons"),
                    confirmed=tuple(said.get("confirmed") or ()),
                )
            )
    return tuple(found)


def _papers(form: Mapping[str, Any], at: By | None, log: Iterable[Happening]) -> tuple[Attached, ...]:
    """The papers that came with the form or after it; each time that one came again is a version."""
    first = next((_who(event) for event in log if event.what == JourneyAct.REFER), at)
    found = {name: Attached(name=name, version=1, by=first) for name in form.get("documents", ())}
    for event in log:
        if event.what != JourneyAct.SUPPLY_DOCUMENT or "document" not in event.details:
            continue
        name, reason = event.details["document"], event.details.get("not_applicable")
        before = found.get(name)
        found[name] = Attached(
            name=name,
            version=0 if reason else (before.version if before else 0) + 1,
            by=_who(event),
            original=bool(event.details.get("original")),
            not_applicable=reason,
        )
    return tuple(found.values())


def _taken(decisions: Mapping[str, Mapping[str, Any]]) -> tuple[Taken, ...]:
    found = []
    for number, one in sorted(decisions.items(), key=lambda item: int(item[0])):
        decided, by = one.get("decided", {}), one.get("by", {})
        found.append(
            Taken(
                number=int(number),
                outcome=str(decided.get("decision", "")),
                at=one["at"],
                by=by.get("staff", ""),
                post=by.get("post", ""),
                forum=one.get("forum", ""),
                sitting=one.get("sitting"),
                recommends=bool(one.get("recommends")),
                legal_section=one.get("legal_section") or decided.get("legal_section"),
                rationale=decided.get("rationale", ""),
                review_on=decided.get("review_on"),
                same_person=bool(one.get("same_person_flag")),
            )
        )
    return tuple(found)
