"""Generated operations: the planner and the reference executor show the same data and the same errors."""

import os
from collections import Counter
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, Phase, given, reject, settings
from hypothesis import strategies as st

import schema
from tests.planner.operations import Asked, asked
from tests.planner.reading import TooMuch
from tests.planner.stage import VIEWERS, Stage

#: CI tries the same two hundred every time; `ROTUNDA_EXAMPLES=5000 pytest tests/planner` looks for new trouble.
_EXAMPLES = os.environ.get("ROTUNDA_EXAMPLES")
SETTINGS = settings(
    max_examples=int(_EXAMPLES or 200),
    derandomize=_EXAMPLES is None,
    database=None,
    deadline=None,
    # Making a failure smaller takes minutes: that is for whoever hunts it, with `ROTUNDA_EXAMPLES` set.
    phases=list(Phase) if _EXAMPLES else [Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
#: What one comparison may cost; the few that want more are passed over.
MOST_QUERIES = 1_000
#: graphql-core leaves the siblings of a field that gives up unawaited; a comparison given up does just that.
pytestmark = pytest.mark.filterwarnings("ignore:coroutine .* was never awaited:RuntimeWarning")
BUILT = schema.build()._schema  # noqa: SLF001  # Strawberry offers no public way to it


@pytest.fixture(scope="module")
def seen() -> Iterator[Counter[str]]:
    """How many were answered, and how many refused: of what is generated, two in three must be real readings.

    Which examples are generated shifts with every field of the contract.
    """
    counted = Counter[str]()
    yield counted
    assert counted["answered"] > 2 * counted["refused"]


@SETTINGS
@given(one=asked(BUILT), viewer=st.sampled_from(sorted(VIEWERS)))
async def test_generated_queries_are_answered_alike(
    stage: Stage, seen: Counter[str], one: Asked, viewer: str
) -> None:
    try:
        query, variables = stage.filled(one.query), stage.filled_in(one.variables)
        answer = await stage.agree(query, variables, viewer, most=MOST_QUERIES)
    except TooMuch:
        reject()

    seen["answered" if "data" in answer else "refused"] += 1
