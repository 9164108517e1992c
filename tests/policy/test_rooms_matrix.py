"""Every role over every group: lists, counts, ids, edges, search, mentions, streams and changes hold to one table."""

import json
from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

import orjson
import pytest

from planner.prepared import Prepared
from policy import discussions, groups
from rotunda.feeds import PlannedFeed
from rotunda.graphql.service import Operation
from tests.policy.rooms import KINDS, SORTS, Rooms, Sort, group_of, post_of
from tests.policy.table_of_rooms import ROOMS, kept, known, named, read, there

_FIELDS = {
    "GroupEdited": ("group", "group"),
    "ThreadStarted": ("thread", "thread"),
    "PostAdded": ("post", "post"),
    "GroupJoined": ("membership", "membership"),
    "PostReported": ("report", "report"),
}


@pytest.mark.parametrize("role", ROOMS)
async def test_groups_are_listed_counted_and_opened_by_the_table(rooms: Rooms, role: str) -> None:
    query = """{ groups(first: 100) { totalCount nodes { id entered canKeep threadCount postCount unreadCount
        lastPostAt threads { totalCount nodes { id } } members { totalCount } reports { totalCount } } }
      read: groups(first: 100, entered: true) { totalCount } }"""

    found = await _asked(rooms, role, query)

    listed = {rooms.sort_of(node["id"]): node for node in found["groups"]["nodes"]}
    assert set(listed) == known(role)
    assert found["groups"]["totalCount"] == len(listed)
    assert found["read"]["totalCount"] == len(read(role))
    for sort, node in listed.items():
        reads = sort in read(role)
        assert node["entered"] is reads
        assert node["canKeep"] is (sort in kept(role))
        assert (node["threadCount"], node["postCount"]) == ((1, 1) if reads else (None, None))
        assert bool(node["lastPostAt"]) is reads
        assert (node["unreadCount"], node["threads"]["totalCount"]) == (reads, reads)
        assert [thread["id"] for thread in node["threads"]["nodes"]] == [rooms.shown("thread", sort)] * reads
        assert (node["members"]["totalCount"] > 1) is (sort in named(role))
        assert node["reports"]["totalCount"] == (sort in kept(role))


@pytest.mark.parametrize("role", ROOMS)
@pytest.mark.parametrize("kind", KINDS)
async def test_things_are_found_by_id_by_the_table(rooms: Rooms, role: str, kind: str) -> None:
    everything = [rooms.shown(kind, sort) for sort in SORTS]
    fields = "".join(f'n{n}: node(id: "{one}") {{ id }}' for n, one in enumerate(everything))

    by_nodes = await _asked(
        rooms, role, "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", {"ids": everything}
    )
    by_node = await _asked(rooms, role, f"{{ {fields} }}")

    expected = [
        one if sort in there(role, kind) else None for sort, one in zip(SORTS, everything, strict=True)
    ]
    assert [one and one["id"] for one in by_nodes["nodes"]] == expected
    assert [one and one["id"] for one in by_node.values()] == expected


@pytest.mark.parametrize("role", ROOMS)
async def test_who_spoke_and_who_is_there_is_told_by_the_table_on_every_edge(rooms: Rooms, role: str) -> None:
    query = """query ($posts: [ID!]!) {
      posts: nodes(ids: $posts) { ... on Post { author { ...By } thread { opening { author { ...By } }
        lastPost { author { ...By } } firstUnread { author { ...By } } posts { nodes { author { ...By } } }
        group { id members(first: 1) { nodes { name mayor { id } } } } } } }
      groups(first: 100) { nodes { id threads { nodes { opening { author { ...By } } } } } }
      viewer { mentions(first: 50) { nodes { author { ...By } thread { group { id } } } } } }
    fragment By on Author { name byline mayor { id } }"""

    found = await _asked(rooms, role, query, {"posts": [rooms.shown("post", sort) for sort in SORTS]})

    for sort, post in zip(SORTS, found["posts"], strict=True):
        assert (post is not None) is (sort in read(role))
        if post:
            thread = post["thread"]
            ends = [
                post,
                thread["opening"],
                thread["lastPost"],
                thread["firstUnread"],
                *thread["posts"]["nodes"],
            ]
            assert {bool(end["author"]) for end in ends} == {sort in named(role)}
            assert thread["group"]["id"] == rooms.shown("group", sort)
    for group in found["groups"]["nodes"]:
        sort = rooms.sort_of(group["id"])
        assert {bool(t["opening"]["author"]) for t in group["threads"]["nodes"]} == (
            {sort in named(role)} if sort in read(role) else set()
        )
    for post in (found["viewer"] or {"mentions": {"nodes": []}})["mentions"]["nodes"]:
        assert bool(post["author"]) is (rooms.sort_of(post["thread"]["group"]["id"]) in named(role))


@pytest.mark.parametrize("role", ROOMS)
async def test_mentions_and_unread_are_counted_by_the_table(rooms: Rooms, role: str) -> None:
    query = """{ viewer { unreadCount mentions { totalCount } }
      waiting { unread { totalCount } named { totalCount } reports { totalCount } } }"""

    found = await _asked(rooms, role, query)

    acting = await rooms.acting(role)
    mentioned = len(read(role)) if acting.term_id else 0
    if role == "visitor":
        assert found == {"viewer": None, "waiting": None}
        return
    assert found["viewer"] == {"unreadCount": len(read(role)), "mentions": {"totalCount": mentioned}}
    assert found["waiting"] == {
        "unread": {"totalCount": len(read(role))},
        "named": {"totalCount": mentioned},
        "reports": {"totalCount": len(kept(role))},
    }


@pytest.mark.parametrize("role", ROOMS)
async def test_search_finds_and_counts_by_the_table_and_never_quotes_chatham_house(
    rooms: Rooms, role: str
) -> None:
    query = """query ($text: String!) { search(text: $text, first: 50) { totalCount
      edges { excerpt node { __typename id } } } }"""

    names, words = [
        (await _asked(rooms, role, query, {"text": text}))["search"] for text in ("parley", "soliloquy")
    ]

    groups_found = [e["node"] for e in names["edges"] if e["node"]["__typename"] == "Group"]
    threads_found = [e["node"] for e in names["edges"] if e["node"]["__typename"] == "Thread"]
    assert _sorts(rooms, groups_found) == known(role)
    assert _sorts(rooms, threads_found) == read(role)
    assert names["totalCount"] == len(known(role)) + len(read(role))
    assert _sorts(rooms, [edge["node"] for edge in words["edges"]]) == read(role)
    assert words["totalCount"] == len(words["edges"]) == len(read(role))
    for edge in words["edges"]:
        quoted = "chatham" not in rooms.sort_of(edge["node"]["id"])[1]
        assert (edge["node"]["__typename"], bool(edge["excerpt"])) == ("Post" if quoted else "Thread", quoted)


@pytest.mark.parametrize("role", ROOMS)
@pytest.mark.parametrize("kind", _FIELDS)
async def test_streams_tell_by_the_table(rooms: Rooms, role: str, kind: str) -> None:
    field, thing = _FIELDS[kind]
    heard = await _heard(rooms, role, f"notices {{ ... on {kind} {{ it: {field} {{ id }} }} }}", kind)

    shown = {rooms.shown(thing, sort): sort for sort in SORTS}
    told = {shown[one["it"]["id"]] for one in heard if one["it"]["id"] in shown}
    assert told == there(role, thing)


@pytest.mark.parametrize("role", ROOMS)
async def test_what_is_heard_of_a_group_is_the_same_with_all_other_rooms_forgotten(
    rooms: Rooms, role: str
) -> None:
    """The hub tells many by one of them, narrowed to the group: it must be what each would hear as they are."""
    field = """notices { ... on PostAdded { post { id author { name } canKeep canEdit thread { id canKeep canResolve
      group { id entered canKeep postCount unreadCount members { totalCount } reports { totalCount } } } } } }"""
    acting = await rooms.acting(role)

    for sort in SORTS:
        group = rooms.things["group"][sort]
        positions = await _positions(rooms, "PostAdded", rooms.things["post"][sort])
        narrowed = await _payloads(rooms, field, "PostAdded", positions, acting.within(group))

        assert narrowed == await _payloads(rooms, field, "PostAdded", positions, acting), sort
        assert bool(narrowed) is (sort in read(role))


@pytest.mark.parametrize("role", ROOMS)
async def test_changes_are_listed_and_counted_by_the_table(rooms: Rooms, role: str) -> None:
    query = """{ changes(first: 50) { nodes { ... on GroupEdited { group { id } } } }
      reports: changes(last: 50) { nodes { ... on PostReported { report { id } } } } whole: changes { totalCount } }"""

    found = await _asked(rooms, role, query)

    told = [node for node in found["changes"]["nodes"] if "group" in node]
    reported = [node for node in found["reports"]["nodes"] if "report" in node]
    own = await _payload_count(rooms, role, "GroupJoined")
    assert found["whole"]["totalCount"] == len(told) + len(reported) + own
    assert _sorts(rooms, [node["group"] for node in told]) == known(role)
    assert _sorts(rooms, [node["report"] for node in reported]) == kept(role)


@pytest.mark.parametrize("role", ROOMS)
async def test_what_is_unreadable_is_answered_byte_for_byte_as_what_does_not_exist(
    rooms: Rooms, role: str
) -> None:
    query = """query ($id: ID!) { node(id: $id) { __typename id } nodes(ids: [$id]) { id } group(id: $id) { id name }
      thread(id: $id) { id title postCount } audit(subject: $id) { totalCount } }"""
    hidden = [rooms.shown(kind, sort) for kind in KINDS for sort in SORTS if sort not in there(role, kind)]
    nothing = [f"{prefix}_{'0' * 32}" for prefix in ("grp", "thr", "pst", "mem", "rpt")]

    bodies = {
        (await rooms.house.answer(Operation(query, {"id": one}), rooms.callers[role])).body
        for one in [*hidden, *nothing]
    }

    assert bodies == {
        b'{"data":{"node":null,"nodes":[null],"group":null,"thread":null,"audit":{"totalCount":0}}}'
    }


@pytest.mark.parametrize("role", ROOMS)
async def test_the_pages_answer_of_who_keeps_is_the_rules_answer(rooms: Rooms, role: str) -> None:
    acting = await rooms.acting(role)

    for sort in SORTS:
        group = group_of(rooms, sort)
        judged = groups.keep(acting, group) is None
        clause = groups.KEPT.format(row="g", viewer=_Viewer())
        rows = await rooms.viewed(role, f"SELECT {clause} FROM viewer, groups g WHERE g.id = $3", group.id)
        assert rows == [judged], sort
        assert judged is (sort in kept(role)), sort


@pytest.mark.parametrize("role", ROOMS)
async def test_the_pages_answer_of_whose_post_it_is_is_the_rules_answer(rooms: Rooms, role: str) -> None:
    acting = await rooms.acting(role)

    for sort in SORTS:
        post = post_of(rooms, sort)
        for rule, declared in (
            (discussions.edit, discussions.OWN),
            (discussions.delete, discussions.DELETABLE),
        ):
            clause = declared.format(row="p", viewer=_Viewer())
            rows = await rooms.viewed(role, f"SELECT {clause} FROM viewer, posts p WHERE p.id = $3", post.id)
            assert rows == [rule(acting, post) is None] == [role == "keeper"], (sort, rule)


async def _asked(rooms: Rooms, role: str, query: str, variables: Mapping[str, Any] | None = None) -> Any:
    answer = orjson.loads((await rooms.house.answer(Operation(query, variables), rooms.callers[role])).body)
    assert "errors" not in answer, answer
    return answer["data"]


async def _payload_count(rooms: Rooms, role: str, kind: str) -> int:
    return len(await _heard(rooms, role, f"notices {{ ... on {kind} {{ __typename }} }}", kind))


async def _heard(rooms: Rooms, role: str, field: str, kind: str) -> list[Any]:
    return await _payloads(rooms, field, kind, rooms.told[kind], await rooms.acting(role))


async def _payloads(
    rooms: Rooms, field: str, kind: str, positions: Collection[int], acting: Any
) -> list[Any]:
    documents = rooms.house.documents
    prepared = documents.prepare(f"subscription {{ it: {field} }}")
    assert isinstance(prepared, Prepared), prepared
    feed = PlannedFeed(documents, rooms.house.reader, prepared, {}, "it", {})
    payloads = await feed.payloads(kind, list(positions), [acting])
    return [json.loads(payload)["data"]["it"] for _, _, payload in payloads]


async def _positions(rooms: Rooms, kind: str, subject: UUID) -> list[int]:
    asked = "SELECT n.pos FROM viewer, notices n WHERE n.subject = $3 AND n.kind = convert_from($4::bytea, 'UTF8')"
    return await rooms.viewed("visitor", asked, subject, kind.encode())


def _sorts(rooms: Rooms, nodes: list[dict[str, str]]) -> set[Sort]:
    return {rooms.sort_of(node["id"]) for node in nodes}


class _Viewer:
    def __getattr__(self, name: str) -> str:
        return f"viewer.{name}"
