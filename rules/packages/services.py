"""The services of a package: which of them an act means, and what the package knows of them all."""

from collections.abc import Iterable

from models.acts import AgreedService
from models.errors import RefusalCode, Refused
from models.support_package import PackageService, ServiceActs, SupportPackageState
from rules.conditions import asked
from rules.watches.kinds import rules_of
from rules.watches.saying import word

UNNAMED = "unnamed"
"""The service of a package that names none."""
SERVICES = "package.services"
OTHER = "other"
"""A service that the council's file does not ask for: what people call it is no fact."""


def agreed(services: Iterable[AgreedService]) -> list[PackageService]:
    """Services as a package keeps them.

    Args:
        services: As the decision or the act names them.
    """
    return [PackageService(service=one.service[:200], agency=one.agency) for one in services]


def meant(state: SupportPackageState, said: ServiceActs) -> list[PackageService]:
    """The services that an act means: by service, by agency, or all.

    Args:
        state: The package.
        said: The act.

    Raises:
        Refused: `unknown` when the package has no such service.
    """
    found = named(state, said.service)
    if said.agency is not None and any(one.agency is not None for one in found):
        found = [one for one in found if one.agency is not None and word(one.agency) == word(said.agency)]
    if not found:
        raise no_such_service(state)
    return found


def named(state: SupportPackageState, name: str | None) -> list[PackageService]:
    """The services of a name; all when none is named.

    Args:
        state: The package.
        name: A service, or the agency that provides it.
    """
    if name is None:
        return list(state.services)
    found = [one for one in state.services if word(one.service) == word(name)]
    return found or [one for one in state.services if one.agency is not None and word(one.agency) == word(name)]


def no_such_service(state: SupportPackageState) -> Refused:
    """The refusal of an act on a service that the package does not have.

    Args:
        state: The package.
    """
    return Refused(
        RefusalCode.UNKNOWN,
        "The package has no such service.",
        f"Name one of: {', '.join(one.service for one in state.services)}.",
    )


def replaced(state: SupportPackageState, found: Iterable[PackageService], **said: object) -> None:
    """Change some services of a package, and what it knows of them.

    Args:
        state: The package.
        found: Which.
        said: The fields that change.
    """
    ids = {id(one) for one in found}
    state.services = [one.model_copy(update=said) if id(one) in ids else one for one in state.services]
    refresh(state)


def services_known(state: SupportPackageState, services: Iterable[PackageService]) -> list[str]:
    """Services as the council's file names them, each once; all others together are `other`.

    What people call a service may name a person: of it, only what the file asks for goes into facts.

    Args:
        state: The package.
        services: Some of its services.
    """
    those = [one for one in asked(rules_of(state)) if one.path == SERVICES]
    known = {name for one in those for name in (one.has, *one.one_of, *one.not_one_of)}
    found = (word(one.service) for one in services)
    return list(dict.fromkeys(name if name in known else OTHER for name in found))


def refresh(state: SupportPackageState) -> None:
    """Bring the facts up to date that deadlines ask for.

    Args:
        state: The package, whose services have changed.
    """
    waiting = [one for one in state.services if one.started_on is None]
    state.facts = {
        **state.facts,
        SERVICES: services_known(state, state.services),
        "package.waiting": services_known(state, waiting),
        "package.all_started": not waiting,
        "package.all_allocated": all(one.allocated_on is not None for one in state.services),
    }
