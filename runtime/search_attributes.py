"""Teaches a Temporal server Waymark's search attributes."""

from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from workflows.search_attributes import SEARCH_ATTRIBUTES


async def register_search_attributes(client: Client) -> None:
    """Registers the search attributes in the client's namespace; safe to repeat.

    A workflow that sets an unregistered attribute hangs, so this comes before the first worker. Works on
    a real server, the embedded one and the time-skipping test server.

    Raises:
        RPCError: The server refused, for example because another application used up the namespace's
            custom attributes.
    """
    try:
        await client.operator_service.add_search_attributes(
            AddSearchAttributesRequest(namespace=client.namespace, search_attributes=SEARCH_ATTRIBUTES)
        )
    except RPCError as error:
        # Servers differ: some accept a repeated registration, some call it an error.
        if error.status is not RPCStatusCode.ALREADY_EXISTS:
            raise
