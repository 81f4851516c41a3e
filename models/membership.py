"""Who holds which post, who may do what, who sits on a panel and who signs, as data."""

from datetime import time
from typing import Literal

from pydantic import Field

from models.conditions import Conditions
from models.data import Citations, Cited, Data, Texts
from models.errors import RefusalCode


class Post(Data):
    """A post that people hold, and the post that answers for it."""

    title: str
    next_up: str | None = None
    also_known_as: Texts = ()
    units_known_as: dict[str, str] = Field(default={}, description="Names of this post in one unit, and that unit")


class Authority(Cited):
    """Who may do an act.

    `unit = "same"`: a person whose unit is known must answer for the case's unit. `unit = "own"`: the person's unit
    must be known and be the case's. `unit = "any"`: no matter. `units`: a person whose unit is known must be of one.
    """

    posts: Texts
    unit: Literal["any", "same", "own"] = "any"
    units: Texts = ()
    four_eyes: bool = Field(default=False, description="Nobody who already referred or signed this referral")


class Seat(Cited):
    """A seat at a forum, and for which cases it is filled. `stands_in`: chairs only when no other chair is there."""

    title: str
    role: Literal["chair", "independent", "member", "case", "invited", "support"]
    post: Texts
    units: Texts = ()
    count: int = Field(default=1, ge=1)
    when: Conditions = ()
    stands_in: bool = False
    votes: bool = True
    outside: bool = Field(default=False, description="Held by somebody from outside the service")


class Quorum(Cited):
    """The fewest people with whom a forum may decide.

    The chair and so many independent members of a post; or so many filled seats, the chair's included (`seats`); and at
    least one person of each post in `each_of`.
    """

    independent: int = Field(default=0, ge=0)
    post: str | None = None
    seats: int | None = Field(default=None, ge=1)
    each_of: Texts = ()
    outside_majority: Literal["warn"] | None = None


class Independence(Cited):
    """Who may not sit on a case: `all` as the foundation has it; `declared`: only whoever declared an interest."""

    of: Literal["all", "declared"]


class Presenter(Cited):
    """Who presents a case. `must`: refused without them the first time; `expected`: their absence is noted."""

    post: Texts
    must: Literal["first", "always", "expected"] = "expected"
    takes_part: bool = Field(default=False, description="Is among those who decide the case, and never decides alone")


class Cover(Cited):
    """Cover for members who cannot come. Apologies later than so many elapsed hours before are noted, never refused."""

    notice_hours: int = Field(ge=0)


class Attestation(Cited):
    """What a signature vouches for. `required`: it has to be confirmed with the signature, by key or all at once."""

    key: str
    text: str
    required: bool = False


class SignOffStep(Cited):
    """One step of the chain before listing.

    `posts` narrows who may; left out: whoever authority names. `agreed_by`: each of these posts must be among who
    referred and who signed; the step belongs to the one still missing. `by_referrer`: done with the referral when that
    person holds the post and nothing is missing.
    """

    act: Literal["sign_off", "endorse"]
    posts: Texts = ()
    unit: Literal["any", "same", "own"] | None = None
    units: Texts = ()
    when: Conditions = ()
    agreed_by: Texts = ()
    by_referrer: bool = False
    comments: bool = False
    attests: tuple[Attestation, ...] = ()


class WithdrawalStep(Cited):
    """One consent that a case needs before it leaves an agenda on which it has a place."""

    posts: Texts
    unit: Literal["any", "same", "own"] = "any"
    units: Texts = ()
    document: str | None = None


class WorkingHours(Cited):
    """When the ordinary route to a director is open, on working days, Europe/London."""

    starts: time
    ends: time


class Emergency(Cited):
    """Who may authorise what cannot wait. Parts that a council does not have are left out.

    `unit`: whose head may. `form = "first"`: nothing is authorised before the form is complete.
    `lasts = "next_sitting"`: the authorisation lapses into an escalation when the next sitting passes; it never ends a
    placement.
    """

    posts: Texts
    unit: Literal["any", "same", "own", "own_or_chair"] = "any"
    measures: Texts = Field(default=(), description="Which measures; none named: all")
    out_of_hours_posts: Texts = ()
    out_of_hours_cites: Texts = ()
    agreed_by: str | None = None
    agreed_by_units: Texts = ()
    agreed_cites: Texts = ()
    working_hours: WorkingHours | None = None
    form: Literal["follows", "first"] = "follows"
    form_within_working_days: int | None = None
    lasts: Literal["until_decided", "next_sitting"] = "until_decided"
    again: RefusalCode = RefusalCode.ILLEGAL_MOVE
    tells: Texts = ()
    lapse_tells: Texts = Field(default=(), description="Who is told besides when the authorisation lapses")
    alternative_plan_working_days: int = Field(default=1, ge=1)
    alternative_plan_cites: Citations = ("A11",)
    alternative_plan_assumed: str = "A11"
