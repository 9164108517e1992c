"""Corner cases, put to the planner and to the reference executor alike."""

from typing import Any

import pytest

from tests.planner.stage import VIEWERS, Stage

EVERYTHING = """
{ __typename head viewer { __typename account { id name email } secretariat member
    capacity { id scopes until principal { name city { name officeEmail officePhone } } city { slug } }
    capacities { __typename id scopes principal { id name since until } } }
  cities(first: 3, member: true) { __typename totalCount
    pageInfo { __typename hasNextPage hasPreviousPage startCursor endCursor }
    edges { __typename cursor node { __typename id slug name region country population timeZone latitude longitude
      memberSince officeEmail officePhone mayor { id name biography since until city { id } } } }
    nodes { id } }
  events(first: 60) { totalCount edges { cursor node { id title summary kind audience status version revision
    startsAt endsAt startsAtLocal endsAtLocal startsAtIn(timeZone: "Asia/Tokyo") timeZone location reason canMove
    host { id name email } previously { __typename status startsAt endsAt startsAtLocal endsAtLocal timeZone
      location reason at } } } }
  delegations(first: 50) { totalCount nodes { id status scopes objectId startsOn endsOn invitedAt acceptedAt endedAt
    principal { name } delegate { id name email } } } }
"""


@pytest.mark.parametrize("viewer", VIEWERS)
async def test_both_show_every_field_alike(stage: Stage, viewer: str) -> None:
    answer = await stage.agree(EVERYTHING, viewer=viewer)

    assert "errors" not in answer


@pytest.mark.parametrize("viewer", VIEWERS)
@pytest.mark.parametrize("prefix", ["cit", "may", "acc", "evt", "del"])
async def test_nodes_of_every_type_are_found_alike(stage: Stage, prefix: str, viewer: str) -> None:
    ids = [stage.names[f"@{prefix}{n}@"] for n in range(12)]
    query = """query ($ids: [ID!]!, $id: ID!) { node(id: $id) { __typename id ... on Event { title } }
      nodes(ids: $ids) { __typename id ... on City { name officeEmail } ... on Mayor { name }
        ... on Account { name email } ... on Event { title status } ... on Delegation { status scopes } } }"""

    for shown in ids:
        await stage.agree(query, {"ids": ids, "id": shown}, viewer)


@pytest.mark.parametrize(
    "shown",
    [
        "",
        "_",
        "evt",
        "evt_",
        "evt_" + "0" * 32,
        "evt_" + "0" * 31,
        "evt_" + "G" * 32,
        "evt_" + "A" * 32,
        "EVT_" + "0" * 32,
        "cap_" + "0" * 32,
        "evt_01890f3e-0000-7000-8000-000000000000",
        "evt_" + "\u0660" * 32,
        "évt_" + "0" * 32,
        "evt_\u0000",
        "\ud800",
        "evt_" + "0" * 10_000,
        "'; DROP TABLE events; --",
        "{row}",
        "%s",
    ],
)
async def test_a_bad_id_names_nothing(stage: Stage, shown: str) -> None:
    query = """query ($id: ID!) { node(id: $id) { id } nodes(ids: [$id]) { id }
      event(id: $id) { id } city(id: $id) { id } }"""

    answer = await stage.agree(query, {"id": shown})

    assert answer == {"data": {"node": None, "nodes": [None], "event": None, "city": None}}


CORNERS: dict[str, tuple[str, dict[str, Any]]] = {
    "one edge twice under two names": (
        """{ events(first: 9) { nodes { a: host { id } b: host { n: name m: name } host { email
            } host { id } } } } """,
        {},
    ),
    "one list twice with other arguments": (
        """{ a: events(first: 2) { nodes { id } } b: events(last: 2) { nodes { id } } c:
            events(first: 2, status: [DRAFT]) { totalCount nodes { id } } } """,
        {},
    ),
    "keys in the order of the document, merged": (
        """{ cities(first: 1) { nodes { name ...F id } totalCount nodes { slug name } } }
            fragment F on City { slug ... on Node { id } ... { region } } """,
        {},
    ),
    "fragments on an interface": (
        """query ($id: ID!) { node(id: $id) { ...N ... on Event { ...N title ... on Node { x:
            id } } } } fragment N on Node { __typename id ... on City { name } ... on Event {
            status } } """,
        {"id": "@evt1@"},
    ),
    "skip and include by variable": (
        """query ($y: Boolean!, $n: Boolean = false) { cities(first: 1) @include(if: $y) {
            nodes { id @skip(if: $y) name @include(if: $y) @skip(if: $n) ...F @include(if: $n)
            ... @skip(if: $n) { slug } } } head @skip(if: $y) } fragment F on City { region } """,
        {"y": True},
    ),
    "everything skipped": ("{ head @skip(if: true) }", {}),
    "an object with everything skipped": (
        """{ cities(first: 2) { nodes { id @skip(if: true) } } viewer { secretariat
            @include(if: false) } } """,
        {},
    ),
    "a connection with everything skipped": (
        """{ cities { totalCount @skip(if: true) } events { edges { cursor @skip(if: true) } }
            } """,
        {},
    ),
    "only type names": (
        """{ __typename viewer { __typename } cities(first: 1) { __typename edges { __typename
            node { __typename } } pageInfo { __typename } } } """,
        {},
    ),
    "a page of none": (
        """{ cities(first: 0) { totalCount edges { cursor } nodes { id } pageInfo { hasNextPage
            hasPreviousPage startCursor endCursor } } events(last: 0) { nodes { id } pageInfo {
            hasNextPage hasPreviousPage startCursor endCursor } } } """,
        {},
    ),
    "an empty list": (
        """{ cities(country: "XX") { totalCount edges { cursor } nodes { id } pageInfo {
            hasNextPage hasPreviousPage startCursor endCursor } } } """,
        {},
    ),
    "page information alone": (
        """{ a: cities(first: 2) { pageInfo { hasPreviousPage } } b: cities(last: 2) { pageInfo
            { hasNextPage } } c: cities(country: "XX") { pageInfo { hasPreviousPage __typename }
            } } """,
        {},
    ),
    "lists of enums": (
        """query ($s: [EventStatus!], $one: EventStatus!, $k: EventKind) { a: events(status:
            $s) { totalCount } b: events(status: [HELD, $one]) { totalCount } c: events(status:
            []) { totalCount } d: events(status: POSTPONED, kind: $k) { totalCount } e:
            events(status: null) { totalCount } } """,
        {"s": ["DRAFT", "CANCELLED"], "one": "SCHEDULED", "k": "WEBINAR"},
    ),
    "one enum where a list is taken": (
        "query ($s: [EventStatus!]) { events(status: $s) { totalCount } }",
        {"s": "HELD"},
    ),
    "defaults of variables": (
        """query ($c: String = "US", $n: Int = 100000, $f: Int = 2) { cities(country: $c,
            populationAtLeast: $n, first: $f) { totalCount nodes { name } } } """,
        {},
    ),
    "null instead of a default": (
        """query ($c: String = "US", $f: Int = 2) { cities(country: $c, first: $f) { totalCount
            nodes { name } } } """,
        {"c": None, "f": None},
    ),
    "variables given to several arguments": (
        """query ($t: String) { cities(country: $t, region: $t) { totalCount } city(slug: $t) {
            id } } """,
        {"t": "VA"},
    ),
    "introspection among data": (
        """{ __schema { queryType { name } } cities(first: 1) { nodes { id mayor { name } } }
            t: __type(name: "City") { name kind } } """,
        {},
    ),
    "introspection alone": ('{ __typename __type(name: "EventStatus") { enumValues { name } } }', {}),
    "a computed field": (
        """{ events(first: 30) { nodes { id t: startsAtIn(timeZone: "Pacific/Apia") u:
            startsAtIn(timeZone: "UTC") } } } """,
        {},
    ),
    "a computed field's errors": (
        """{ events(first: 4) { edges { cursor node { t: startsAtIn(timeZone: "CST") title } }
            } event(id: "@evt0@") { startsAtIn(timeZone: "Mars/Olympus") } node(id: "@evt1@") {
            ... on Event { startsAtIn(timeZone: "") } } } """,
        {},
    ),
    "a computed field behind interfaces": (
        """{ nodes(ids: ["@evt0@", "@cit0@", "nope", "@may0@", "@acc0@", "@del0@"]) {
            __typename id ... on Event { startsAtIn(timeZone: "Asia/Tokyo") status previously {
            status } } ... on City { latitude mayor { name } } ... on Delegation { scopes
            standing: status } } viewer { capacities { scopes } } } """,
        {},
    ),
    "quotes and braces in values": (
        "query ($s: String) { city(slug: $s) { id } }",
        {"s": "'\"{row}${value}\\%"},
    ),
}


@pytest.mark.parametrize("viewer", ["visitor", "delegate", "secretariat"])
@pytest.mark.parametrize("corner", CORNERS)
async def test_corners_are_answered_alike(stage: Stage, corner: str, viewer: str) -> None:
    query, variables = CORNERS[corner]

    answer = await stage.agree(stage.filled(query), stage.filled_in(variables), viewer)

    assert "data" in answer


REFUSALS: dict[str, tuple[str, dict[str, Any], str]] = {
    "too many": ("{ cities(first: 101) { totalCount } }", {}, "BAD_USER_INPUT"),
    "fewer than none": ("query ($n: Int) { cities(last: $n) { totalCount } }", {"n": -1}, "BAD_USER_INPUT"),
    "from both ends": (
        "query ($n: Int) { cities(first: 1, last: $n) { totalCount } }",
        {"n": 1},
        "BAD_USER_INPUT",
    ),
    "a huge number": ("query ($n: Int) { cities(first: $n) { totalCount } }", {"n": 2**40}, "BAD_USER_INPUT"),
    "a cursor that is none": ('{ cities(after: "zzz") { nodes { id } } }', {}, "BAD_CURSOR"),
    "an empty cursor": ('{ cities(before: "") { nodes { id } } }', {}, "BAD_CURSOR"),
    "NUL in text": ("query ($s: String) { city(slug: $s) { id } }", {"s": "a\0b"}, "BAD_USER_INPUT"),
    "half a pair in text": (
        "query ($s: String) { cities(named: $s) { totalCount } }",
        {"s": "\ud800"},
        "BAD_USER_INPUT",
    ),
    "no moment": (
        "query ($t: Instant) { events(startsFrom: $t) { totalCount } }",
        {"t": "soon"},
        "BAD_USER_INPUT",
    ),
    "a moment before time": (
        "query ($t: Instant) { events(startsFrom: $t) { totalCount } }",
        {"t": "0001-01-01T00:00:00+14:00"},
        "BAD_USER_INPUT",
    ),
    "no such status": (
        "query ($s: [EventStatus!]) { events(status: $s) { totalCount } }",
        {"s": ["LOST"]},
        "BAD_USER_INPUT",
    ),
    "a required variable left out": ("query ($id: ID!) { node(id: $id) { id } }", {}, "BAD_USER_INPUT"),
    "too many ids": (
        "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }",
        {"ids": ["x"] * 101},
        "TOO_MANY_IDS",
    ),
}


@pytest.mark.parametrize("refusal", REFUSALS)
async def test_a_request_that_cannot_be_is_refused_whole(stage: Stage, refusal: str) -> None:
    query, variables, code = REFUSALS[refusal]

    answer = await stage.agree(query, variables)

    assert answer["errors"][0]["extensions"]["code"] == code


@pytest.mark.parametrize("count", [30, 31, 45, 61, 90, 130])
async def test_an_object_may_have_any_number_of_fields(stage: Stage, count: int) -> None:
    names = " ".join(f"a{n}: {('name', 'slug', 'id', '__typename')[n % 4]}" for n in range(count))

    answer = await stage.agree(
        f"{{ cities(first: 2) {{ edges {{ node {{ {names} }} }} }} viewer {{ {_members(count)} }} }}"
    )

    assert len(answer["data"]["cities"]["edges"][1]["node"]) == count


def _members(count: int) -> str:
    return " ".join(f"b{n}: member" for n in range(count))
