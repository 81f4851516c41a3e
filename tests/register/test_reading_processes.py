"""Looking processes up: one, those of a council by what people ask for, and those of a child."""

import sqlalchemy as sql

from register.reading.processes import ProcessRow, of_child, process, processes
from tests.register.cases import PLACEMENT, R_1, R_2, R_3, SITTING, some_cases, write


def ids(found: list[ProcessRow]) -> list[str]:
    return [one.process_id for one in found]


def test_a_process_is_found_as_soon_as_it_is_recorded(engine: sql.Engine) -> None:
    assert process(engine, R_1) is None
    write(engine, some_cases().batches)
    found = process(engine, R_1)
    assert found is not None
    assert (found.stage, found.waiting_on) == ("actions_open", some_cases().views[R_1].waiting_on)
    assert found.standing["decisions"]["2"]["decided"]["decision"] == "approved"


def test_processes_are_found_by_what_people_ask_for_page_by_page(engine: sql.Engine) -> None:
    write(engine, some_cases().batches)
    journeys = processes(engine, council="hillingdon", kind="journey")
    assert ids(journeys) == [R_1, R_2, R_3]
    assert journeys[0].standing == {}, "a list says no more than it has to"
    assert ids(processes(engine, council="hillingdon", kind="journey", still_open=False)) == [R_2]
    assert ids(processes(engine, council="hillingdon", kind="journey", unit=" Children in NEED", overdue=True)) == [R_1]
    first = processes(engine, council="hillingdon", kind="journey", limit=2)
    rest = processes(engine, council="hillingdon", kind="journey", after=first[-1].place)
    assert ids([*first, *rest]) == [R_1, R_2, R_3]
    assert SITTING in ids(processes(engine, council="hillingdon", kind="sitting"))


def test_a_childs_processes_are_those_of_its_council(engine: sql.Engine) -> None:
    write(engine, some_cases().batches)
    assert ids(of_child(engine, "hillingdon", "C-1")) == [R_1, R_2]
    assert ids(of_child(engine, "central_bedfordshire", "C-1")) == [PLACEMENT]
