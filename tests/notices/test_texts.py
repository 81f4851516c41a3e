"""Every notice that the rules can make has words, and words that cannot be used are refused."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from models.errors import ProcedureFault
from models.procedure import Council
from models.process import NewsKind
from models.vocabulary import SittingAct
from notices.texts import ANYTHING, OWN, default_texts, key_of, own_subjects, read_texts, texts_for
from procedures.loader import HERE, council_folders, load_council

RULES = HERE.parent / "rules"
MAKERS = {"Notice": None, "notices": 0, "to_whose_move": 1}
"""What makes notices, and which of its arguments is the subject (`None`: the one of that name)."""
SAID_BY_NAME: dict[str, dict[str, list[str]]] = {
    "rules/process.py": {},
    "rules/journeys/common.py": {"subject": []},  # the two makers themselves
    "rules/journeys/emergency.py": {"subject": ["emergency_authorised", "emergency_agreement_wanted"]},
    "rules/journeys/deciding.py": {"renewal": ["renewal_due:2031-03-04"]},
    "rules/journeys/listing.py": {"news.kind": [NewsKind.CARRIED_OVER, NewsKind.MOVED]},
    "rules/placements/lawful.py": {"subject": ["placement_lawful_again", "placement_unlawful"]},
    "rules/sittings/meeting.py": {
        "act": [SittingAct.POSTPONE, SittingAct.CANCEL],
        "subject": ["presenter_absent"],
    },
    "rules/watches/deadlines.py": {"f'{subject}:{deadline.key}'": ["deadline_passed:x", "deadline_reached:x"]},
    "rules/watches/kernel.py": {"told.subject": []},  # what the councils' own files say: below
}
"""Subjects that the code does not spell out where it makes the notice, by file and expression."""


def makers(path: Path) -> Iterator[ast.expr]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name) or node.func.id not in MAKERS:
            continue
        place = MAKERS[node.func.id]
        if place is not None and len(node.args) > place:
            yield node.args[place]
        yield from (keyword.value for keyword in node.keywords if keyword.arg == "subject")


def subjects(expression: ast.expr, by_name: dict[str, list[str]]) -> list[str]:
    source = ast.unparse(expression)
    if source in by_name:
        return by_name[source]
    match expression:
        case ast.Constant(value=str(said)):
            return [said]
        case ast.IfExp(body=one, orelse=other):
            return [*subjects(one, by_name), *subjects(other, by_name)]
        case ast.JoinedStr(values=[ast.Constant(value=str(family)), *_]):
            return [f"{family}x"]
    pytest.fail(f"nobody said which subjects {source} makes: add it to SAID_BY_NAME")


def test_every_subject_of_the_rules_has_words_of_its_own_or_of_its_family() -> None:
    known = default_texts().entries
    found = {
        subject
        for path in sorted(RULES.rglob("*.py"))
        for expression in makers(path)
        for subject in subjects(expression, SAID_BY_NAME.get(path.relative_to(HERE.parent).as_posix(), {}))
    }
    assert len(found) > 70
    assert sorted(subject for subject in found if key_of(subject, known) == ANYTHING) == []


@pytest.mark.parametrize("key", council_folders())
def test_every_subject_of_a_councils_own_files_has_words_there(key: str) -> None:
    words = texts_for(key).entries
    assert sorted(one for one in own_subjects(load_council(key)) if key_of(one, words) == ANYTHING) == []


def test_the_longest_beginning_that_fits_is_used() -> None:
    keys = ["*", "clock_warned:*", "clock_warned:action:*", "clock_warned:action:A1", "listed"]
    assert key_of("clock_warned:review", keys) == "clock_warned:*"
    assert key_of("clock_warned:action:A2", keys) == "clock_warned:action:*"
    assert key_of("clock_warned:action:A1", keys) == "clock_warned:action:A1"
    assert key_of("listed", keys) == "listed"
    assert key_of("listed_late", keys) == "*"


def own(folder: Path, text: str) -> tuple[Council, Path]:
    file = folder / "hillingdon" / OWN
    file.parent.mkdir(parents=True)
    file.write_text(text, encoding="utf-8")
    return load_council("hillingdon"), folder / "hillingdon"


def test_a_council_words_one_subject_anew_and_keeps_the_others(tmp_path: Path) -> None:
    texts = read_texts(
        *own(tmp_path, '[listed]\ntitle = "On the agenda: {reference}"\ntext = ["See you there."]\ncites = "HIL-080"\n')
    )
    assert texts.of("listed").title == "On the agenda: {reference}"
    assert texts.of("reserved") == default_texts().of("reserved")
    assert texts.ending == default_texts().ending


def test_a_council_may_word_one_deadline_and_the_ending(tmp_path: Path) -> None:
    texts = read_texts(
        *own(
            tmp_path,
            'ending = ["Harrow House"]\n["clock_warned:viability_assessment"]\ntitle = "{reference}"\ntext = []\n',
        )
    )
    assert texts.ending == ("Harrow House",)
    assert texts.of("clock_warned:viability_assessment").title == "{reference}"


def test_a_council_without_a_file_has_the_default_texts(tmp_path: Path) -> None:
    assert read_texts(load_council("hillingdon"), tmp_path / "hillingdon") == default_texts()


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("listed = ", "hillingdon/notices/texts.toml: cannot be read as TOML"),
        ("listed = 3", "texts.toml: listed: cannot be used. Write title ="),
        ('[listed]\ntitle = "x"\n', "texts.toml: listed.text: is missing. Write it."),
        ('[listed]\ntitle = "x"\ntext = []\nbody = "y"\n', "listed.body: unknown key. Remove it."),
        ('[lsited]\ntitle = "x"\ntext = []\n', "lsited: no notice has this subject. Use one that docs/notices.md"),
        ('[listed]\ntitle = "{child}"\ntext = []\n', "listed: there is no placeholder {child}. Use one of reference"),
        ('[listed]\ntitle = "x"\ntext = ["{reference.__class__}"]\n', "there is no placeholder {reference.__class__}"),
        ('[listed]\ntitle = "x"\ntext = ["{due!r:>90}"]\n', "Write {due} and nothing more"),
        (
            '[listed]\ntitle = "x"\ntext = ["a { b"]\n',
            "listed: a brace stands alone. Write placeholders as {reference}.",
        ),
        ('[listed]\ntitle = "by {due}"\ntext = []\n', "listed.title: not every notice has {due}. Name it in the text"),
        ('[listed]\ntitle = "x"\ntext = []\ncites = ["HIL-9999"]\n', "listed.cites: there is no rule HIL-9999."),
        ('names = "x"', "texts.toml: names: is no table of names. Write [names] and below it clock = 'its name'."),
        ('ending = "Bye"', "texts.toml: ending: is no list of sentences. Write ending = ['...']."),
    ],
)
def test_a_text_that_cannot_be_used_is_named_with_its_file_key_and_remedy(
    tmp_path: Path, text: str, fault: str
) -> None:
    with pytest.raises(ProcedureFault) as refused:
        read_texts(*own(tmp_path, text))
    assert fault in " ".join(refused.value.faults)


def test_the_default_texts_name_no_child_and_nothing_that_anybody_wrote() -> None:
    for text in default_texts().entries.values():
        assert "child_ref" not in " ".join((text.title, *text.text))
