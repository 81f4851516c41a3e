"""What opens a care episode: the child, the team, and what is so already, however people write it."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Annotated, Any

from pydantic import AliasChoices, BeforeValidator, Field, model_validator

from models.episode_acts import Moment, StatusSaid, Telling, Word, moment, names_of
from models.episode_words import STATUSES
from models.phrasing import Label
from models.process import Shape
from models.referral import Day, Reference


class LookedAfterPeriod(Shape):
    """A time in which the child was looked after, from its first day up to (not with) the day it ended; local days."""

    since: Annotated[Day, Field(validation_alias=AliasChoices("since", "from", "start"))]
    until: Annotated[Day | None, Field(validation_alias=AliasChoices("until", "to", "end", "ended"))] = None


def _child(value: object) -> object:
    return {"reference": value} if isinstance(value, str) else value


class OpeningChild(Telling):
    """The child: a reference, and what the clocks need."""

    reference: Annotated[Reference | None, Field(validation_alias=AliasChoices("reference", "child_ref", "ref"))] = None
    date_of_birth: Annotated[Day | None, Field(validation_alias=AliasChoices("date_of_birth", "dob", "born"))] = None
    unaccompanied_asylum_seeking: Annotated[
        bool, Field(validation_alias=AliasChoices("unaccompanied_asylum_seeking", "unaccompanied", "uasc"))
    ] = False
    disabled: bool | None = None

    @property
    def watched(self) -> dict[str, Any]:
        """Its fields as a watched child has them."""
        return self.model_dump(exclude={"disabled", "unread"})


_ENDINGS = ("_since", "_from", "_started_on", "_start_date", "_started", "_start", "_made_on", "_on")
_CHILD = ("reference", "date_of_birth", "dob", "born", "unaccompanied_asylum_seeking", "unaccompanied", "uasc")


def _is_day(value: object) -> bool:
    return isinstance(moment(value), date)


def _status_of_key(key: str) -> str | None:
    stem = next((key.removesuffix(ending) for ending in _ENDINGS if key.endswith(ending)), key)
    return stem if stem in STATUSES else None


class OpenEpisode(Telling):
    """What opens the watch over a child's care: the child, the team, and what is so already.

    An episode goes by the child's reference; a later one of the same child has an `episode_ref` of its own.
    `statuses` are codes or words, each with since when; `legal_status` with `since` is one of them, and so is any field
    such as `child_protection_plan_since`. `prior_days` counts days looked after before; `prior_periods` say which.
    `more` are other days, numbers and yes or no, kept as `episode.NAME`.
    """

    child: Annotated[OpeningChild, BeforeValidator(_child)] = OpeningChild()
    episode_ref: Annotated[Reference | None, Field(validation_alias=AliasChoices("episode_ref", "episode"))] = None
    team: Label | None = None
    unit: Label | None = None
    opened_on: Annotated[
        Moment | None,
        Field(validation_alias=AliasChoices("case_opened_on", "opened_on", "case_opened", "case_open_since", "opened")),
    ] = None
    team_since: Annotated[
        Moment | None,
        Field(
            validation_alias=AliasChoices(
                "team_since", "open_to_team_since", "opened_to_team_on", "open_to_team_on", "open_to_team"
            )
        ),
    ] = None
    statuses: tuple[StatusSaid, ...] = ()
    looked_after_since: Moment | None = None
    prior_days: Annotated[
        int,
        Field(
            ge=0,
            validation_alias=AliasChoices(
                *("prior_looked_after_days", "prior_days", "looked_after_days", "previous_days"),
                *("prior_days_looked_after", "previous_looked_after_days", "days_looked_after_before"),
            ),
        ),
    ] = 0
    prior_periods: Annotated[
        tuple[LookedAfterPeriod, ...],
        Field(validation_alias=AliasChoices("prior_periods", "periods", "previous_periods")),
    ] = ()
    placement: Label | None = None
    placement_kind: Annotated[Word | None, Field(validation_alias=AliasChoices("placement_kind", "placement_type"))] = (
        None
    )
    next_hearing: Annotated[Moment | None, Field(validation_alias=AliasChoices("next_hearing", "hearing"))] = None
    next_review: Annotated[
        Moment | None, Field(validation_alias=AliasChoices("next_review", "next_review_on", "review_date"))
    ] = None
    last_review: Annotated[
        Moment | None, Field(validation_alias=AliasChoices("last_review", "last_review_on", "last_reviewed_on"))
    ] = None
    transfer_planned_on: Annotated[
        Moment | None, Field(validation_alias=AliasChoices("transfer_planned_on", "planned_transfer_on", "transfer_on"))
    ] = None
    more: dict[str, bool | int | float | Moment] = {}

    @model_validator(mode="before")
    @classmethod
    def _fold(cls, value: Any) -> Any:  # noqa: ANN401 - whatever came
        return folded(value) if isinstance(value, dict) else value


def _listed(value: object) -> list[Any]:
    if isinstance(value, Mapping) and any(key in value for key in ("status", "code", "legal_status")):
        return [dict(value)]
    if isinstance(value, Mapping):
        return [
            {"status": name, **(said if isinstance(said, Mapping) else {"since": said})} for name, said in value.items()
        ]
    return list(value) if isinstance(value, Iterable) and not isinstance(value, str) else [value]


def _of_keys(rest: dict[str, Any], since: object) -> list[Any]:
    """Statuses that were said under `legal_status`, `status` or `code`, taken out of the rest."""
    found: list[Any] = []
    for key in ("legal_status", "status", "code"):
        if key in rest:
            began = rest.pop(f"{key}_since", since)
            several = _listed(rest.pop(key))
            found += [{"status": one, "since": began} if isinstance(one, str) else one for one in several]
    return found


def _placed(rest: dict[str, Any]) -> None:
    """A placement or a team that was said in another shape."""
    placement = rest.get("placement")
    if isinstance(placement, Mapping):
        kind = placement.get("kind") or placement.get("type")
        rest["placement"] = placement.get("reference") or placement.get("placement_ref")
        rest |= {"placement_kind": kind} if kind else {}
    if isinstance(rest.get("open_to_team"), str) and not _is_day(rest["open_to_team"]):
        rest.setdefault("team", rest.pop("open_to_team"))


def folded(said: dict[str, Any]) -> dict[str, Any]:
    """An opening with its statuses in one list and what it does not know by name under `more`.

    Args:
        said: What somebody wrote.
    """
    rest = dict(said)
    since = rest.pop("since", None)
    began = since if since is not None else rest.get("looked_after_since")
    _placed(rest)
    several = _listed(rest.pop("statuses", []))
    statuses = [{"status": one, "since": began} if isinstance(one, str) and since else one for one in several]
    statuses += _of_keys(rest, began)
    if since is not None and not statuses:
        rest.setdefault("case_opened_on", since)
    child = rest.get("child", {})
    child = {"reference": child} if isinstance(child, str) else dict(child) if isinstance(child, Mapping) else child
    more = dict(rest.get("more", {}))
    for key in [key for key in rest if key not in names_of(OpenEpisode)]:
        value, status = rest.pop(key), _status_of_key(key)
        if isinstance(child, dict) and key in (*_CHILD, "child_ref"):
            child[key] = value
        elif status is not None and isinstance(value, Mapping):
            statuses.append({"status": status, **value})
        elif status is not None and (value is True or _is_day(value)):
            statuses.append({"status": status, "since": None if value is True else value})
        elif isinstance(value, int | float) or _is_day(value):
            more |= {} if status is not None else {key: value}
        else:
            rest[key] = value
    return {**rest, "child": child, "statuses": statuses, "more": more}
