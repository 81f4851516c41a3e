"""Sorts of homes: what the words that people use mean to the law and to a council's file.

A word that nobody knows stays as it is: the law's list then says whether it allows it.
"""

from typing import Any

CONNECTED = "connected_person"
BY_PART: tuple[tuple[tuple[str, ...], str], ...] = (
    (("secure",), "secure_childrens_home"),
    (("bed_and_breakfast", "b_and_b", "b&b", "bnb"), "bed_and_breakfast"),
    (("kinship", "connected", "relative", "friends", "grandparent", "grandmother", "grandfather"), CONNECTED),
    (("aunt", "uncle", "family_member", "sibling"), CONNECTED),
    (("parent_and_", "mother_and_"), "parent_and_child"),
    (("foster",), "foster"),
    (("adopt",), "adoption"),
    (("special_guardian",), "special_guardianship"),
    (("semi_independent", "semi_indep"), "semi_independent"),
    (("supported_lodging",), "supported_lodgings"),
    (("supported",), "supported_accommodation"),
    (("independent_living", "own_tenancy"), "independent_living"),
    (("residential_family",), "residential_family_centre"),
    (("residential_school", "boarding_school"), "residential_school"),
    (("children_home", "childrens_home", "children's_home", "children_s_home"), "childrens_home"),
    (("residential",), "residential"),
)
"""Parts of a word, and the sort that it means: the first that fits."""
WHOLE = {"family": CONNECTED, "ifa": "foster", "semi": "semi_independent", "home": "with_parents"}
CONNECTED_CODES = frozenset({"u1", "u2", "u3"})
FOSTER_CODES = frozenset({"u4", "u5", "u6"})
RESIDENTIAL = frozenset(
    {"k1", "k2", "s1", "childrens_home", "secure_childrens_home", "residential", "residential_school"}
)
AT_HOME = frozenset({"p1", "parents", "with_parents"})


def sort_of(kind: str) -> str:
    """The sort of home that a word means.

    Args:
        kind: An SSDA903 code or a word, in small letters with underscores.
    """
    if kind in WHOLE:
        return WHOLE[kind]
    return next((sort for parts, sort in BY_PART if any(part in kind for part in parts)), kind)


def is_connected(kind: str) -> bool:
    """Whether it is a home with somebody to whom the child already has a tie.

    Args:
        kind: As above.
    """
    return kind in CONNECTED_CODES or sort_of(kind) == CONNECTED


def kind_facts(kind: str | None) -> dict[str, Any]:
    """What the sort of home means.

    Args:
        kind: As above; `None` says nothing.
    """
    if kind is None:
        return {}
    sort, connected, in_house = sort_of(kind), is_connected(kind), "in_house" in kind
    return {
        "placement.type": kind,
        "proposal.kind": sort,
        "placement.connected_person": connected,
        "placement.foster": connected or sort in ("foster", "parent_and_child") or kind in FOSTER_CODES,
        "placement.residential": sort in RESIDENTIAL,
        "placement.external": not (connected or in_house or sort in AT_HOME),
        **({"placement.in_house": True} if in_house else {}),
    }
