"""Words a notice for one person: a title and a few sentences, with references only."""

import string
from collections.abc import Callable
from dataclasses import dataclass

from models.procedure import Council
from notices.facts import Case, in_words, matter_of, reference_of
from notices.texts import Texts
from register.reading.notices import Delivery
from rules.authority import title


@dataclass(frozen=True)
class Message:
    """What goes to one person.

    Attributes:
        title: One line.
        sentences: What it says.
    """

    title: str
    sentences: tuple[str, ...]

    @property
    def body(self) -> str:
        """The sentences, each a paragraph."""
        return "\n\n".join(self.sentences) + "\n"


def worded(
    delivery: Delivery, case: Case, council: Council, texts: Texts, link: Callable[[str], str | None]
) -> Message:
    """The message of a delivery.

    Args:
        delivery: To whom, and of what.
        case: What the register knows of it.
        council: The procedure.
        texts: The council's texts.
        link: Where to look, by process id; nothing where there is no place.
    """
    notice = delivery.notice
    known = {
        "reference": reference_of(notice.process_id, council),
        "matter": matter_of(notice, council, texts.names),
        "council": council.title,
        "post": title(council, notice.post),
        "forum": council.forums[case.forum].title if case.forum in council.forums else None,
        "due": in_words(case.due) if case.due else None,
        "sitting": in_words(case.sitting) if case.sitting else None,
        "covers": delivery.on_behalf_of,
        "link": link(notice.process_id),
    }
    filled = {name: value for name, value in known.items() if value}
    text = texts.of(notice.subject)
    said = (
        sentence.format_map(filled) for sentence in (*text.text, *texts.ending) if names_of(sentence) <= set(filled)
    )
    return Message(title=text.title.format_map(filled), sentences=tuple(said))


def names_of(sentence: str) -> set[str]:
    """The placeholders of a sentence.

    Args:
        sentence: Of a text.
    """
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}
