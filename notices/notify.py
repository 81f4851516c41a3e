"""GOV.UK Notify: messages go by a template with two placeholders, `((subject))` and `((body))`."""

import asyncio
from collections.abc import Callable
from typing import Any

from notifications_python_client.errors import APIError, HTTPError
from notifications_python_client.notifications import NotificationsAPIClient

from notices.channels import CannotBeSent, MayHaveGoneOut, NotSentYet, Outgoing, Whereabouts

ADDRESS = "https://api.notifications.service.gov.uk"
TIMEOUT_SECONDS = 30
GIVEN_UP = frozenset({"permanent-failure", "temporary-failure", "technical-failure"})
"""States of Notify's in which nothing arrived, and nothing will."""
REFUSED = 400
NOT_OURS = (403, 404, 429)
"""Answers about the key, the clock, the address or the limit, and not about the message."""


class Notify:
    """The service of a council at GOV.UK Notify.

    Args:
        key: An API key of the service.
        template: The id of the email template.
        address: Of the API.
        timeout: Seconds for each question.
    """

    name = "notify"
    needs_address = True

    def __init__(self, key: str, template: str, address: str = ADDRESS, timeout: float = TIMEOUT_SECONDS) -> None:
        self._key = key
        self._template = template
        self._address = address
        self._timeout = timeout

    def __repr__(self) -> str:
        """Without the key."""
        return f"Notify({self._address})"

    async def send(self, outgoing: Outgoing) -> str | None:
        """Hand a message to Notify under its reference.

        Args:
            outgoing: What, and to whom.

        Returns:
            Notify's id of it.

        Raises:
            NotSentYet: Notify asks to come again, or does not accept the key.
            CannotBeSent: Notify refuses the address or the message.
            MayHaveGoneOut: No answer, or one that says nothing.
        """
        try:
            answer = await asyncio.to_thread(self._call, lambda client: self._post(client, outgoing))
        except HTTPError as error:
            raise _meaning(error, outgoing) from None
        except APIError:
            raise MayHaveGoneOut("Notify's answer could not be read") from None
        found = answer.get("id") if isinstance(answer, dict) else None
        return str(found) if found else None

    async def ask(self, outgoing: Outgoing) -> Whereabouts | None:
        """Ask Notify by reference whether it has a message.

        Args:
            outgoing: As it was sent.

        Raises:
            NotSentYet: Notify does not answer.
        """
        try:
            answer = await asyncio.to_thread(
                self._call,
                lambda client: client.get_all_notifications(reference=outgoing.reference),  # type: ignore[no-untyped-call]
            )
            found: list[dict[str, Any]] = answer["notifications"]
        except (APIError, KeyError, TypeError):
            raise NotSentYet("Notify does not say whether it went out") from None
        if not found:
            return Whereabouts(went_out=False)
        status = str(found[0].get("status"))
        fault = f"Notify could not deliver it ({status})" if status in GIVEN_UP else None
        return Whereabouts(went_out=True, provider_reference=str(found[0].get("id")), fault=fault)

    def _post(self, client: NotificationsAPIClient, outgoing: Outgoing) -> Any:  # noqa: ANN401 - JSON
        return client.send_email_notification(  # type: ignore[no-untyped-call]
            email_address=outgoing.address,
            template_id=self._template,
            personalisation={"subject": outgoing.message.title, "body": outgoing.message.body},
            reference=outgoing.reference,
        )

    def _call(self, question: Callable[[NotificationsAPIClient], Any]) -> Any:  # noqa: ANN401 - JSON
        # The client says of itself that threads may not share it.
        client = NotificationsAPIClient(  # type: ignore[no-untyped-call]
            self._key, base_url=self._address, timeout=self._timeout
        )
        with client.request_session:
            return question(client)


def _meaning(error: HTTPError, outgoing: Outgoing) -> Exception:
    if error.response is None:
        return MayHaveGoneOut("Notify did not answer")
    status = error.status_code
    if status == REFUSED:
        return CannotBeSent(f"Notify refuses it: {_said(error, outgoing)}")
    if status in NOT_OURS:
        return NotSentYet(f"Notify does not take it now ({status}: {_said(error, outgoing)})")
    return MayHaveGoneOut(f"Notify failed ({status})")


def _said(error: HTTPError, outgoing: Outgoing) -> str:
    message = error.message
    said = "; ".join(str(one.get("message")) for one in message) if isinstance(message, list) else str(message)
    return said.replace(outgoing.address or "\0", "the address")
