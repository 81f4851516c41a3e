"""References to people become the shapes that acts take."""

from models.acts import Hear, OpenSitting, RecordDecision
from models.people import Actor
from runtime.people import with_people

CAROL = Actor(staff="carol", post="head_of_service", council="hillingdon", unit="court")
DEV = Actor(staff="dev", post="head_of_service", council="hillingdon")
PEOPLE = {person.staff: person for person in (CAROL, DEV)}


def test_chair_and_present_become_whole_actors() -> None:
    said = with_people({"chair": "carol", "present": ["dev", CAROL.model_dump()]}, PEOPLE.get)

    assert OpenSitting.model_validate(said) == OpenSitting(chair=CAROL, present=(DEV, CAROL))
    assert Hear.model_validate(with_people({"case": "carol", "chair": "carol"}, PEOPLE.get)).case == "carol"


def test_an_owner_becomes_a_post_and_a_person_wherever_it_stands() -> None:
    action = {"what": "Visit", "owner": "dev", "due": "2031-03-11"}
    said = with_people({"case": "R-1", "decision": "approve", "rationale": "Yes", "actions": [action]}, PEOPLE.get)

    (found,) = RecordDecision.model_validate(said).actions
    assert (found.owner.staff, found.owner.post) == ("dev", "head_of_service")


def test_an_owner_may_be_a_post_and_whoever_is_not_found_stays_a_reference() -> None:
    assert with_people({"owner": "dev"}, PEOPLE.get, {"dev"}) == {"owner": "dev"}
    assert with_people({"owner": "grandmother"}, PEOPLE.get) == {"owner": "grandmother"}
    assert with_people({"reasons": "carol"}, PEOPLE.get) == {"reasons": "carol"}
