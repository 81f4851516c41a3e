"""Options that several commands share."""

from typing import Annotated

import typer

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for other programs")]
As = Annotated[
    str | None,
    typer.Option("--as", metavar="STAFF", help="Who acts: a staff reference of the staff directory"),
]
OnBehalfOf = Annotated[
    str | None,
    typer.Option("--on-behalf-of", metavar="STAFF", help="Whom a deputy stands in for: see `starter.py cover`"),
]
