"""What mutations lead to and what streams carry: read by the same planner, and compared with the same reference."""

from functools import cache
from typing import Any

import orjson
import pytest
from graphql import ArgumentNode, NameNode, OperationType, VariableDefinitionNode, VariableNode, parse_type
from hypothesis import given, reject, settings
from hypothesis import strategies as st

import schema
from planner.prepared import Prepared
from planner.refusals import BadRequest
from planner.world import source_of
from rotunda.credentials import capacity, hashed
from rotunda.feeds import PlannedFeed
from rotunda.graphql.service import Operation
from tests.planner.history import Done
from tests.planner.operations import Asked, Put, selected
from tests.planner.reading import TooMuch
from tests.planner.stage import VIEWERS, Stage, demand_equal
from tests.planner.test_differential import SETTINGS

#: graphql-core leaves the siblings of a field that gives up unawaited; a comparison given up does just that.
pytestmark = pytest.mark.filterwarnings("ignore:coroutine .* was never awaited:RuntimeWarning")
BUILT = schema.build()._schema  # noqa: SLF001  # Strawberry offers no public way to it
#: An act and a notice are read for every type they may lead to: beyond this the naive queries take minutes.
FEWER_QUERIES = 150
FEW = settings(SETTINGS, max_examples=max(SETTINGS.max_examples // 4, 50))
#: A mutation, whoever has carried it out, the union it answers with, and the type of what it leads to.
ACTS = [
    ("postponeEvent", "EventOutcome", "Event"),
    ("inviteDelegate", "DelegationOutcome", "Delegation"),
    ("updateProfile", "MayorOutcome", "Mayor"),
]


@cache
def outcomes(mutation: str, union: str) -> st.SearchStrategy[Asked]:
    input_type = f"{mutation[0].upper()}{mutation[1:]}Input!"
    variable = VariableNode(name=NameNode(value="input"))
    defined = VariableDefinitionNode(
        variable=variable, type=parse_type(input_type), default_value=None, directives=()
    )
    argument = ArgumentNode(name=NameNode(value="input"), value=variable)
    return selected(BUILT, union, Put(OperationType.MUTATION, mutation, (defined,), (argument,)))


@pytest.mark.parametrize(("mutation", "union", "kind"), ACTS)
@FEW
@given(data=st.data())
async def test_what_an_act_leads_to_is_read_as_the_reference_reads_it(
    stage: Stage, mutation: str, union: str, kind: str, data: st.DataObject
) -> None:
    one = data.draw(outcomes(mutation, union))
    done = next(act for act in stage.history if act.mutation == mutation)
    query, variables = stage.filled(one.query), {**stage.filled_in(one.variables), "input": done.input}

    planned = orjson.loads(
        (await stage.house.answer(Operation(query, variables), stage.callers[done.by])).body
    )

    root = {"it": stage.reference.row(kind, await _outcome(stage, done))}
    try:
        referred = await stage.reference.answer(
            stage.readings[done.by], query, variables, root=root, most=FEWER_QUERIES
        )
    except TooMuch:
        reject()
    demand_equal(planned, referred)


@FEW
@given(
    one=selected(BUILT, "NoticeItem", Put(OperationType.SUBSCRIPTION, "notices")),
    viewer=st.sampled_from(sorted(VIEWERS)),
)
async def test_what_a_stream_carries_is_read_as_the_reference_reads_it(
    stage: Stage, one: Asked, viewer: str
) -> None:
    query, variables = stage.filled(one.query), stage.filled_in(one.variables)

    for kind, id, planned in await _payloads(stage, query, variables, viewer):  # noqa: A001  # its name
        source = source_of(stage.reference.schema.type_map[kind])
        assert source is not None
        root = {"it": stage.reference.row(kind, id)}
        try:
            referred = await stage.reference.answer(
                stage.readings[viewer], query, variables, root=root, most=FEWER_QUERIES
            )
        except TooMuch:
            reject()
        demand_equal(planned, referred)


async def test_the_secretariat_hears_of_every_event_and_the_visitor_of_public_ones(stage: Stage) -> None:
    query = "subscription { it: notices { ... on EventNotice { event { audience status } } } }"
    heard = {
        viewer: [
            payload["data"]["it"]
            for kind, _, payload in await _payloads(stage, query, {}, viewer)
            if kind.startswith("Event")
        ]
        for viewer in ("secretariat", "visitor", "mayor")
    }

    assert len(heard["secretariat"]) == len(heard["mayor"]) == 6
    assert {notice["event"]["audience"] for notice in heard["visitor"]} == {"PUBLIC"}


async def _payloads(
    stage: Stage, query: str, variables: dict[str, Any], viewer: str
) -> list[tuple[str, Any, dict[str, Any]]]:
    """Every notice in the log that the viewer may know of: kind, id and payload."""
    caller = stage.callers[viewer]
    acting = await stage.house.acting(hashed(caller.token), capacity(caller.capacity))
    prepared = stage.house.documents.prepare(query)
    assert isinstance(prepared, Prepared), prepared
    assert acting is not None
    values = prepared.values(variables)
    feed = PlannedFeed(stage.house.documents, stage.house.reader, prepared, values, "it", variables)
    try:
        feed.foresee()
    except BadRequest:
        return []  # such a stream is not begun
    log = await stage.readings["secretariat"].connection.fetch(
        "SELECT pos, kind, id FROM notices ORDER BY pos"
    )
    return [
        (kind, id, orjson.loads(payload))
        for pos, kind, id in log  # noqa: A001  # its name
        for _, _, payload in await feed.payloads(kind, [pos], [acting])
    ]


async def _outcome(stage: Stage, done: Done) -> Any:
    key = done.input["idempotencyKey"]
    return await stage.readings["secretariat"].connection.fetchval(
        "SELECT outcome_id FROM used_keys WHERE key = $1", key
    )
