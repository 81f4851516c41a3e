"""What a form asks for, by the names that people use: a kind of request, or an entry of a matrix of responsibility."""

from collections.abc import Iterable

from models.deciding import Matter
from models.procedure import Council, Forum
from models.referral import Referral, Request
from models.vocabulary import RequestKind


def plain(name: str) -> str:
    """A name without what does not matter: capitals, hyphens, underscores and extra spaces.

    Args:
        name: As somebody wrote it.
    """
    return " ".join(name.replace("_", " ").replace("-", " ").casefold().split())


def _is_called(name: str, names: Iterable[str]) -> bool:
    return plain(name) in {plain(one) for one in names}


def is_known_kind(council: Council, kind: str) -> bool:
    """Whether a kind of request is a common one, or one of the council's own.

    Args:
        council: The procedure.
        kind: Its key.
    """
    return kind in (*RequestKind, *council.kinds)


def kind_called(council: Council, forum: Forum, name: str) -> str | None:
    """The kind of request that a name means: at this forum first, where several go by it; `None` where none does.

    Args:
        council: The procedure.
        forum: Where it is asked for.
        name: As somebody wrote it.
    """
    if is_known_kind(council, name):
        return name
    known = {
        **{str(kind): (str(kind),) for kind in RequestKind},
        **{key: (key, kind.title, *kind.also_known_as) for key, kind in council.kinds.items()},
    }
    meant = [key for key, names in known.items() if _is_called(name, names)]
    here = {*forum.kinds, *(kind for document in forum.documents for kind in document.kinds)}
    likely = [key for key in meant if key in here] or meant
    return likely[0] if len(likely) == 1 else None


def matter_called(forum: Forum, name: str) -> Matter | None:
    """The matter that a name means: its key, title, another name, or the rule that it rests on; `None` where none does.

    Args:
        forum: A forum with a matrix.
        name: As somebody wrote it.
    """
    for names in (_own_names, _first_rule, _rules):
        meant = [matter for matter in forum.matters if _is_called(name, names(matter))]
        if len(meant) == 1:
            return meant[0]
    return None


def _own_names(matter: Matter) -> tuple[str, ...]:
    return matter.key, matter.title, *matter.also_known_as


def _first_rule(matter: Matter) -> tuple[str, ...]:
    return matter.cites[:1]


def _rules(matter: Matter) -> tuple[str, ...]:
    return *matter.cites, *(rule for tier in matter.tiers for rule in tier.cites)


def settled_request(referral: Referral, council: Council, forum: Forum) -> Request:
    """What is asked for, by its keys. Before a matrix, the matter says what kind of request it is.

    Args:
        referral: The form as it came.
        council: The procedure.
        forum: Where it is asked for.
    """
    request = referral.request
    kind = kind_called(council, forum, request.kind)
    if forum.matrix is None:
        return request.model_copy(update={"kind": kind or request.kind})
    known = request.kind if kind is None or any(matter.key == kind for matter in forum.matters) else None
    matter = matter_called(forum, request.matter or known or "")
    if matter is None:
        return request.model_copy(update={"kind": kind or request.kind})
    return request.model_copy(update={"kind": kind or matter.key, "matter": matter.key})
