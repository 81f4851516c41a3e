"""A forum's procedure as a page: every value with the rules that it comes from, in the catalogue's words."""

from pathlib import Path

from rich.console import Console

from console.coverage import STATES, Covered, summary
from console.forum_diagram import forum_diagram
from console.forum_page import as_markdown, forum_page
from console.process_page import ProcessPage, duties_page, kinds_of, process_page
from console.process_page import as_markdown as process_markdown
from console.rendering import facts, heading, table
from models.procedure import Council, Forum
from procedures.loader import council_folders, load_council
from procedures.watches import PROCESSES

DUTIES = "duties"


def print_forum(out: Console, council: Council, forum: Forum) -> None:
    """Print a forum's page.

    Args:
        out: Where to.
        council: The procedure.
        forum: One of its forums.
    """
    page = forum_page(council, forum)
    out.print(heading(page.title))
    out.print(facts(page.facts))
    out.print()
    for name, rows in page.sections:
        cells = [(row.what, row.how, ", ".join(row.cites), row.assumed) for row in rows]
        out.print(table((name, "", "Cites", "Assumed"), cells))
    out.print(heading("The rules in our words"))
    out.print(table(("Rule", "What it says", "Section"), page.rules()))


def print_process(out: Console, page: ProcessPage) -> None:
    """Print the page of a kind of process.

    Args:
        out: Where to.
        page: The page.
    """
    out.print(heading(page.title))
    out.print(facts(page.facts))
    out.print()
    for one in page.tables:
        out.print(table([one.title, *(name.capitalize() for name in one.columns[1:])], one.rows))


def pages_of(council: Council) -> dict[str, str]:
    """Every page and diagram of a council, by the path of its file.

    Args:
        council: The procedure.
    """
    found: dict[str, str] = {}
    for forum in council.forums.values():
        found[f"{forum.key}.md"] = as_markdown(forum_page(council, forum))
        found[f"{forum.key}.mmd"] = forum_diagram(council, forum)
    for kind in kinds_of(council):
        found[f"{PROCESSES}/{kind}.md"] = process_markdown(process_page(council, kind))
    if council.duties:
        found[f"{PROCESSES}/{DUTIES}.md"] = process_markdown(duties_page(council))
    return found


def write_pages(folder: Path) -> list[Path]:
    """Write every page and diagram of every council, and take away what no file speaks of any more.

    Args:
        folder: Where to: a folder a council in it.
    """
    written = []
    for key in council_folders():
        (folder / key / PROCESSES).mkdir(parents=True, exist_ok=True)
        for name, text in pages_of(load_council(key)).items():
            path = folder / key / name
            path.write_text(text, encoding="utf-8")
            written.append(path)
    for path in {*folder.glob("*/*.md"), *folder.glob("*/*.mmd"), *folder.glob(f"*/{PROCESSES}/*.md")} - {*written}:
        path.unlink()
    return written


def print_coverage(out: Console, rules: list[Covered]) -> None:
    """Print how many rules are proven, and those of tier A that are not.

    Args:
        out: Where to.
        rules: From `coverage`.
    """
    rows = [
        (*key.rsplit(" ", 1), *(str(states.get(one, 0)) for one in STATES)) for key, states in summary(rules).items()
    ]
    out.print(table(("Council", "Tier", *map(str.capitalize, STATES)), rows))
    left = [
        (rule.id, rule.state, rule.rule) for rule in rules if rule.tier == "A" and rule.state in ("open", "in place")
    ]
    out.print(table(("Not proven", "", "What it says"), left) if left else "Every rule of tier A is proven.")
