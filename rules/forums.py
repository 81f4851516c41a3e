"""Forums by the names that people use for them."""

from models.errors import RefusalCode, Refused
from models.procedure import Council, Forum


def forum_named(council: Council, name: str) -> Forum:
    """A forum by its key or another name that it goes by.

    Args:
        council: The procedure.
        name: What somebody called it.

    Raises:
        Refused: `unknown`.
    """
    plain = name.strip().casefold().replace(" ", "_").replace("-", "_")
    for forum in council.forums.values():
        if plain in (forum.key, *forum.also_known_as):
            return forum
    raise Refused(
        RefusalCode.UNKNOWN,
        f"{council.title} has no such forum.",
        f"Name one of: {', '.join(council.forums)}.",
    )
