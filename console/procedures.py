"""`procedures`: check, show and draw what the councils' files say."""

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from console import coverage
from console.diagram import MACHINES, diagram, write_diagrams
from console.errors import BadInput, ExitStatus, command
from console.forum_diagram import forum_diagram
from console.naming import council_named, one_of
from console.options import AsJson
from console.pages import DUTIES, print_coverage, print_forum, print_process, write_pages
from console.process_page import duties_page, kinds_of, process_page
from console.rendering import console, print_json
from console.session import quiet_logs
from models.errors import ProcedureFault
from models.procedure import Council
from notices.texts import read_texts
from procedures import schemas
from procedures.loader import HERE, council_folders, read_council
from runtime.rota import read_rota
from runtime.settings import Settings
from runtime.staff import read_staff

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Check, show and draw what the councils' procedure files say.",
)


@app.command("check")
@command
async def check(
    council: Annotated[str | None, typer.Argument(metavar="[COUNCIL]", help="One council; all when left out")] = None,
    *,
    folder: Annotated[Path, typer.Option(metavar="PATH", help="Where the councils' folders lie")] = HERE,
    as_json: AsJson = False,
) -> None:
    """Name every fault of the procedure files at once, with file, key and remedy; exit status 2 if there is any.

    The rota and the staff directory are checked with them.

    Examples:
      starter.py procedures check
      starter.py procedures check hillingdon --json
      starter.py procedures check --folder ~/our-procedures
    """
    settings = quiet_logs()
    folders = council_folders(folder)
    if council is not None and council not in folders:
        raise BadInput(f"There is no council {council} in {folder}: use one of {', '.join(folders) or 'none'}.")
    if not folders:
        raise BadInput(f"No folder in {folder} holds a council.toml: name the folder that holds the councils' folders.")
    faults, good = _faults([folders[council]] if council else list(folders.values()))
    if folder == HERE and not faults:
        faults = _people_faults(settings)
    if as_json:
        print_json({"faults": faults})
    for line in () if as_json else good:
        typer.echo(line)
    for fault in faults:
        typer.echo(fault, err=True)
    raise typer.Exit(ExitStatus.BAD_INPUT if faults else ExitStatus.DONE)


def _faults(folders: Iterable[Path]) -> tuple[list[str], list[str]]:
    """Every fault of the councils' files, and a line for each council without."""
    faults: list[str] = []
    good: list[str] = []
    for folder in folders:
        try:
            found = read_council(folder)
            read_texts(found, folder)
        except ProcedureFault as fault:
            faults += fault.faults
        else:
            good.append(f"{found.key}: {len(found.forums)} forums, version {found.version}, no faults")
    return faults, good


def _people_faults(settings: Settings) -> list[str]:
    faults: list[str] = []
    known: set[str] | None = None
    try:
        known = set(read_staff(settings.staff_directory).actors)
    except ProcedureFault as fault:
        faults += fault.faults
    try:
        rotas = read_rota(settings.rota)
    except ProcedureFault as fault:
        return [*faults, *fault.faults]
    if known is None:
        return faults
    return faults + [
        f"{settings.rota}: {council}.{forum}.{on}: {staff} is not in {settings.staff_directory}. Add or correct them."
        for council, rota in rotas.items()
        for forum, sittings in rota.items()
        for on, staff in sittings.items()
        if staff not in known
    ]


@app.command("show")
@command
async def show(
    council: Annotated[str, typer.Argument(metavar="COUNCIL", help="The council's key, such as hillingdon")],
    forum: Annotated[
        str, typer.Argument(metavar="FORUM", help="The key of a forum or process, such as harp, placement or duties")
    ],
    *,
    as_json: AsJson = False,
) -> None:
    """Show a forum or a long-lived process as a page: each value with its rules, in the catalogue's words.

    Examples:
      starter.py procedures show hillingdon harp
      starter.py procedures show hillingdon complex_harp --json
      starter.py procedures show hackney placement       its deadlines: what, from when, by when, who, source
    """
    found = council_named(council)
    kinds = kinds_of(found)
    key = one_of(forum, [*found.forums, *kinds, DUTIES], f"forum of {found.title} called")
    if key in kinds or (key == DUTIES and key not in found.forums):
        _show_process(found, key, as_json=as_json)
        return
    page = found.forums[key]
    if as_json:
        print_json(page.model_dump(mode="json"))
    else:
        print_forum(console(), found, page)


def _show_process(council: Council, key: str, *, as_json: bool) -> None:
    if as_json:
        shown = getattr(council, key)
        several = shown if isinstance(shown, tuple) else [shown]
        plain = [one.model_dump(mode="json") for one in several]
        print_json(plain if isinstance(shown, tuple) else plain[0])
    else:
        print_process(console(), duties_page(council) if key == DUTIES else process_page(council, key))


@app.command("pages")
@command
async def pages(
    *,
    write: Annotated[Path, typer.Option(metavar="FOLDER", help="Where to")] = Path("docs/procedures"),
) -> None:
    """Write the page and the diagram of every forum of every council, and the page of every long-lived process.

    Examples:
      starter.py procedures pages
      starter.py procedures pages --write docs/procedures
    """
    typer.echo(f"Written: {len(write_pages(write))} files to {write}.")


@app.command("coverage")
@command
async def covered(
    *,
    write: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the page here instead")] = None,
    as_json: AsJson = False,
) -> None:
    """Show, for each rule of the catalogue, its place in data or code and the rehearsals and tests that prove it.

    Examples:
      starter.py procedures coverage
      starter.py procedures coverage --json
      starter.py procedures coverage --write docs/rules.md
    """
    rules = coverage.coverage()
    if write is not None:
        write.write_text(coverage.as_page(rules), encoding="utf-8")
        typer.echo(f"Written: {write}.")
    elif as_json:
        print_json(coverage.as_json(rules))
    else:
        print_coverage(console(), rules)


@app.command("schema")
@command
async def schema(
    name: Annotated[
        str | None, typer.Argument(metavar="[forum|council|local|process|law]", help="Which; all when left out")
    ] = None,
    *,
    write: Annotated[Path | None, typer.Option(metavar="FOLDER", help="Write them here instead")] = None,
) -> None:
    """Print the JSON Schema of a kind of procedure file: editors complete its keys and point at faults.

    Examples:
      starter.py procedures schema forum
      starter.py procedures schema --write procedures/schema
    """
    if write is not None:
        typer.echo(f"Written: {', '.join(map(str, schemas.write(write)))}.")
        return
    found = {file.removesuffix(".json"): one for file, one in schemas.schemas().items()}
    print_json(found[one_of(name, list(found), "schema")] if name else found)


@app.command("diagram")
@command
async def draw(
    name: Annotated[
        str | None,
        typer.Argument(metavar="[PROCESS|COUNCIL]", help="journey, sitting, placement, ...; all when left out"),
    ] = None,
    forum: Annotated[str | None, typer.Argument(metavar="[FORUM]", help="A forum of that council")] = None,
    *,
    write: Annotated[Path | None, typer.Option(metavar="FOLDER", help="Write each to a file here instead")] = None,
    as_json: AsJson = False,
) -> None:
    """Print the state machines as Mermaid diagrams, generated from the tables that the processes run on.

    With a council and a forum, print how a case goes through that forum.

    Examples:
      starter.py procedures diagram journey
      starter.py procedures diagram placement
      starter.py procedures diagram hillingdon harp
      starter.py procedures diagram --write docs/diagrams
    """
    if write is not None:
        files = write_diagrams(write)
        if as_json:
            print_json({"written": [str(file) for file in files]})
        else:
            typer.echo(f"Written: {', '.join(map(str, files))}.")
        return
    if name is not None and forum is not None:
        council = council_named(name)
        found = council.forums[one_of(forum, list(council.forums), f"forum of {council.title} called")]
        typer.echo(forum_diagram(council, found), nl=False)
        return
    wanted = [one_of(name, list(MACHINES), "diagram")] if name else list(MACHINES)
    if as_json:
        print_json({one: diagram(one) for one in wanted})
    else:
        typer.echo("\n".join(diagram(one) for one in wanted), nl=False)
