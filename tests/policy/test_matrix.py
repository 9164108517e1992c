"""Every role over every state: lists, totals, ids, edges and streams all hold to the one table."""

from collections.abc import Mapping
from typing import Any

import orjson
import pytest

from planner.prepared import Prepared
from rotunda.feeds import PlannedFeed
from rotunda.graphql.service import Operation
from tests.policy.cast import Cast
from tests.policy.table import TABLE

_NOBODYS = "0" * 32


@pytest.mark.parametrize("role", TABLE)
async def test_events_are_listed_and_counted_by_the_table(cast: Cast, role: str) -> None:
    found = (await _asked(cast, role, "{ events(first: 100) { totalCount nodes { id } } }"))["events"]

    shown = {node["id"] for node in found["nodes"]}
    assert _sorts(cast, shown) == TABLE[role].events
    assert found["totalCount"] == len(shown) == len(_events(cast, TABLE[role].events))


@pytest.mark.parametrize("role", TABLE)
async def test_events_are_found_by_id_by_the_table(cast: Cast, role: str) -> None:
    everything = sorted(_events(cast, set(cast.events)))
    fields = " ".join(f'e{n}: event(id: "{one}") {{ id }}' for n, one in enumerate(everything))

    by_field = await _asked(cast, role, f"{{ {fields} }}")
    by_nodes = (
        await _asked(cast, role, "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", {"ids": everything})
    )["nodes"]

    expected = _events(cast, TABLE[role].events)
    assert [one["id"] if one else None for one in by_nodes] == [
        one if one in expected else None for one in everything
    ]
    assert list(by_field.values()) == by_nodes


@pytest.mark.parametrize("role", TABLE)
async def test_grants_are_listed_counted_and_found_by_the_table(cast: Cast, role: str) -> None:
    everything = [cast.grants[name] for name in sorted(cast.grants)]
    query = (
        "query ($ids: [ID!]!) { delegations(first: 100) { totalCount nodes { id } } nodes(ids: $ids) { id } }"
    )

    found = await _asked(cast, role, query, {"ids": everything})

    expected = {cast.grants[name] for name in TABLE[role].grants}
    assert {node["id"] for node in found["delegations"]["nodes"]} == expected
    assert found["delegations"]["totalCount"] == len(expected)
    assert {node["id"] for node in found["nodes"] if node} == expected


@pytest.mark.parametrize("role", TABLE)
async def test_accounts_and_addresses_are_shown_by_the_table(cast: Cast, role: str) -> None:
    query = "query ($ids: [ID!]!) { nodes(ids: $ids) { id ... on Account { email } } }"
    names = sorted(cast.logins)

    found = (await _asked(cast, role, query, {"ids": [cast.logins[name].shown for name in names]}))["nodes"]

    known, addressed = (_logins(cast, which) for which in (TABLE[role].accounts, TABLE[role].addresses))
    shown = {node["id"]: node["email"] for node in found if node}
    assert set(shown) == known
    assert {id for id, email in shown.items() if email} == addressed  # noqa: A001  # GraphQL's name for it


@pytest.mark.parametrize("role", TABLE)
async def test_contact_data_and_membership_are_shown_by_the_table(cast: Cast, role: str) -> None:
    query = """{ viewer { member secretariat capacity { city { id officeEmail officePhone } } }
      cities(first: 100) { nodes { id officeEmail officePhone } } }"""

    found = await _asked(cast, role, query)

    viewer = found["viewer"] or {"member": False, "secretariat": False, "capacity": None}
    own = (viewer["capacity"] or {}).get("city") or {"id": None, "officeEmail": "none", "officePhone": "none"}
    others = [city for city in found["cities"]["nodes"] if city["id"] != own["id"]]
    shown = {bool(city[name]) for city in others for name in ("officeEmail", "officePhone")}
    assert shown == {TABLE[role].contact}
    assert own["officeEmail"]
    assert own["officePhone"]
    assert (viewer["member"] or viewer["secretariat"]) is TABLE[role].contact
    assert viewer["secretariat"] is (role == "secretariat")


@pytest.mark.parametrize("role", TABLE)
async def test_streams_tell_of_events_and_grants_by_the_table(cast: Cast, role: str) -> None:
    heard = {
        subject
        for kind, field in (("EventEdited", "event"), ("DelegationRevoked", "delegation"))
        for subject in await _heard(cast, role, kind, field)
    }

    table = TABLE[role]
    assert heard == _events(cast, table.events) | {cast.grants[name] for name in table.grants}


@pytest.mark.parametrize("role", TABLE)
async def test_edges_lead_only_to_what_the_table_shows(cast: Cast, role: str) -> None:
    query = """{ events(first: 100) { nodes { host { id email } } }
      delegations(first: 100) { nodes { delegate { id email } principal { id city { officeEmail } } } } }"""

    found = await _asked(cast, role, query)

    known, addressed = (_logins(cast, which) for which in (TABLE[role].accounts, TABLE[role].addresses))
    ends = [node["host"] for node in found["events"]["nodes"]]
    ends += [node["delegate"] for node in found["delegations"]["nodes"]]
    assert {end["id"] for end in ends if end} <= known
    assert {end["id"] for end in ends if end and end["email"]} <= addressed


@pytest.mark.parametrize("role", TABLE)
async def test_what_is_unreadable_is_answered_byte_for_byte_as_what_does_not_exist(
    cast: Cast, role: str
) -> None:
    hidden = _events(cast, set(cast.events) - TABLE[role].events)
    hidden |= {shown for name, shown in cast.grants.items() if name not in TABLE[role].grants}
    known = _logins(cast, TABLE[role].accounts)
    hidden |= {login.shown for login in cast.logins.values() if login.shown not in known}
    query = "query ($id: ID!) { node(id: $id) { __typename id } nodes(ids: [$id]) { id } event(id: $id) { id title } }"

    bodies = {
        (await cast.house.answer(Operation(query, {"id": one}), cast.callers[role])).body
        for one in [*sorted(hidden), f"evt_{_NOBODYS}", f"del_{_NOBODYS}", f"acc_{_NOBODYS}", "evt_nonsense"]
    }

    assert bodies == {b'{"data":{"node":null,"nodes":[null],"event":null}}'}


async def test_nothing_of_b_is_seen_while_acting_for_a(cast: Cast) -> None:
    query = "{ viewer { capacity { principal { id } } } delegations(first: 100) { nodes { id principal { id } } } }"

    for_a, for_b = [await _asked(cast, role, query) for role in ("two for A", "two for B")]

    for mine, theirs in ((for_a, for_b), (for_b, for_a)):
        assert theirs["viewer"]["capacity"]["principal"]["id"] not in orjson.dumps(mine).decode()


async def _asked(cast: Cast, role: str, query: str, variables: Mapping[str, Any] | None = None) -> Any:
    answer = orjson.loads((await cast.house.answer(Operation(query, variables), cast.callers[role])).body)
    assert "errors" not in answer, answer
    return answer["data"]


async def _heard(cast: Cast, role: str, kind: str, field: str) -> set[str]:
    """Which subjects a notice of this kind about each row would still tell this role of."""
    documents = cast.house.documents
    prepared = documents.prepare(f"subscription {{ it: notices {{ ... on {kind} {{ {field} {{ id }} }} }} }}")
    assert isinstance(prepared, Prepared), prepared
    feed = PlannedFeed(documents, cast.house.reader, prepared, {}, "it", {})
    payloads = await feed.payloads(kind, cast.told[kind], [await cast.acting(role)])
    return {orjson.loads(payload)["data"]["it"][field]["id"] for _, _, payload in payloads}


def _events(cast: Cast, sorts: set[str]) -> set[str]:
    return {one for sort in sorts for one in cast.events[sort]}


def _sorts(cast: Cast, shown: set[str]) -> set[str]:
    """The sorts of which all events are there; each must be there whole or not at all."""
    for events in cast.events.values():
        assert events <= shown or not events & shown
    return {sort for sort, events in cast.events.items() if events <= shown}


def _logins(cast: Cast, names: set[str]) -> set[str]:
    return {cast.logins[name].shown for name in (cast.logins if "everybody" in names else names)}
