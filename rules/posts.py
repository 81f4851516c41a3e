"""Other names of a council's posts: `iro` for the Independent Reviewing Officer, or a head named after the unit."""

from models.procedure import Council


def post_named(council: Council, name: str) -> tuple[str, str | None]:
    """A post by its key or another name, and the unit that the name itself says.

    Args:
        council: The procedure.
        name: As somebody wrote it; a name that nobody knows comes back as it is.
    """
    if name in council.posts:
        return name, None
    for key, post in council.posts.items():
        if name in post.also_known_as:
            return key, None
        if name in post.units_known_as:
            return key, post.units_known_as[name]
    return name, None
