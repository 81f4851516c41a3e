"""How values travel through Temporal: pydantic models as JSON.

Temporal makes a payload converter for each workflow, and each would build its own validators for the same few types.
All of ours share one set: they take most of the memory and a good part of the time otherwise (decision 0011).
"""

from typing import Final

from temporalio.contrib.pydantic import PydanticPayloadConverter
from temporalio.converter import CompositePayloadConverter, DataConverter

_SHARED: Final = PydanticPayloadConverter()


class SharedPayloadConverter(CompositePayloadConverter):
    """Temporal's pydantic converter, with one set of validators for all workflows of a worker."""

    def __init__(self) -> None:
        super().__init__(*_SHARED.converters.values())


DATA_CONVERTER: Final = DataConverter(payload_converter_class=SharedPayloadConverter)
"""The data converter of every client, worker and replayer."""
