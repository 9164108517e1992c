"""What changed since the last look: told as streams tell it, marked forward only, and apart for each principal."""

import json
from contextlib import suppress
from itertools import product
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from models.positions import cursor
from policy.viewer import ATTRIBUTES, TOPICS, Acting, recordset
from tests.acts.making import Cast
from tests.living import Caller

CHANGES = """
query ($unseen: Boolean) {
  head
  viewer { lastLook { through at trimmed } }
  changes(unseen: $unseen, last: 100) { totalCount nodes { __typename cursor
    ... on EventNotice { event { id title } was { status } now { status } } } }
}
"""
WAITING = """
{ waiting {
  invitations(first: 5) { totalCount nodes { id status } }
  grantsEnding(first: 5) { totalCount nodes { id endsOn } }
  drafts(first: 50) { totalCount nodes { id } }
  undated(first: 50) { totalCount nodes { id } }
  over(first: 50) { totalCount nodes { id } }
  seatsVacant(first: 5) { totalCount nodes { id mayor { id } } }
  termsEnding(first: 5) { totalCount nodes { id until } }
} }
"""


async def test_a_visitor_is_asked_to_sign_in(cast: Cast) -> None:
    outcome = await cast.visitor.act("markSeen", through=await cast.visitor.head())

    assert outcome == {"__typename": "Refused", "message": "Sign in first."}


async def test_what_changed_is_told_until_it_is_marked_as_seen(cast: Cast) -> None:
    mayor = cast.outsider
    event = await cast.event("POSTPONED")
    seen = await mayor.ask(CHANGES, unseen=True)

    marked = await mayor.done("markSeen", through=seen["head"])
    after = await mayor.ask(CHANGES, unseen=True)

    told = [n["__typename"] for n in seen["changes"]["nodes"] if (n.get("event") or {}).get("id") == event]
    assert told == ["EventScheduled", "EventPostponed"]
    assert (marked["through"], marked["trimmed"]) == (seen["head"], False)
    assert after["changes"] == {"totalCount": 0, "nodes": []}
    assert after["viewer"]["lastLook"]["through"] == seen["head"]


async def test_what_comes_after_the_mark_is_news_again(cast: Cast) -> None:
    mayor = cast.outsider
    await mayor.done("markSeen", through=await mayor.head())

    event = await cast.event("SCHEDULED")
    unseen = (await mayor.ask(CHANGES, unseen=True))["changes"]["nodes"]
    everything = (await mayor.ask(CHANGES))["changes"]["nodes"]

    assert [n["event"]["id"] for n in unseen] == [event]
    assert everything[-1] == unseen[0]
    assert len(everything) > 1


async def test_the_mark_only_moves_forward(cast: Cast) -> None:
    mayor = cast.outsider
    early = await mayor.head()
    await cast.event("SCHEDULED")
    late = await mayor.head()

    moved = await mayor.done("markSeen", through=late)
    again = await mayor.done("markSeen", through=early)

    assert again == moved
    assert again["through"] == late


async def test_how_far_somebody_has_read_is_in_no_audit(cast: Cast) -> None:
    before = await cast.home.value("SELECT count(*) FROM audit")

    await cast.outsider.done("markSeen", through=await cast.outsider.head())

    assert await cast.home.value("SELECT count(*) FROM audit") == before


async def test_a_damaged_cursor_is_invalid_and_a_foreign_or_future_one_is_told(cast: Cast) -> None:
    mayor = cast.outsider
    epoch = await cast.home.value("SELECT log_epoch()")

    damaged = await mayor.act("markSeen", through="never one")
    foreign = await mayor.act("markSeen", through=cursor(1, "another"))
    future = await mayor.act("markSeen", through=cursor(10**9, epoch))

    assert (damaged["__typename"], damaged["fields"][0]["name"]) == ("Invalid", "through")
    assert [outcome["__typename"] for outcome in (foreign, future)] == ["WrongMoment", "WrongMoment"]


async def test_two_principals_have_marks_and_news_of_their_own(cast: Cast) -> None:
    aide = await cast.home.caller("regional@tidewater.example")
    norfolk = aide.acting_for(await aide.capacity_for("norfolk-va"))
    portsmouth = aide.acting_for(await aide.capacity_for("portsmouth-va"))
    await cast.event("SCHEDULED")

    await norfolk.done("markSeen", through=await norfolk.head())

    assert (await norfolk.ask(CHANGES, unseen=True))["changes"]["totalCount"] == 0
    elsewhere = await portsmouth.ask(CHANGES, unseen=True)
    assert elsewhere["viewer"]["lastLook"] is None
    assert elsewhere["changes"]["totalCount"] > 0


async def test_a_mark_the_log_was_trimmed_past_says_so(cast: Cast) -> None:
    host = await cast.home.caller("host@water.example")
    await host.done("markSeen", through=await host.head())
    await cast.event("SCHEDULED")

    await cast.home.rows("UPDATE log_meta SET pruned_through = log_head()")
    look = (await host.ask(CHANGES, unseen=True))["viewer"]["lastLook"]
    await cast.home.rows("UPDATE log_meta SET pruned_through = 0")

    assert look["trimmed"] is True


async def test_changes_are_those_that_a_stream_would_bring(cast: Cast) -> None:
    since = await cast.secretariat.head()
    holder, _ = await cast.grant()
    await cast.event("POSTPONED")
    people = [cast.visitor, cast.outsider, cast.mayor, holder, cast.secretariat]

    streamed = [await _streamed(caller, since) for caller in people]
    for caller, stream in zip(people, streamed, strict=True):
        told = [n["cursor"] for n in (await caller.ask(CHANGES))["changes"]["nodes"]]
        assert told[len(told) - len(stream) :] == stream
    visitor, _, mayor, delegate, secretariat = [len(stream) for stream in streamed]
    assert (visitor, mayor, delegate, secretariat) == (0, 4, 4, 2)


@pytest.mark.parametrize("kind", ["self", "term", "delegation"])
async def test_a_viewers_topics_are_the_same_in_sql_as_in_python(cast: Cast, kind: str) -> None:
    account, host = UUID(int=1), UUID(int=2)
    every = product([True, False], [True, False], [None, account], [None, host])
    viewers = [
        Acting(account_id=a, host_id=h, member=m, secretariat=s, capacity_kind=kind) for m, s, a, h in every
    ]

    connection = await asyncpg.connect(cast.home.dsn)
    topics = TOPICS.format(viewer=_ByName())
    rows = await connection.fetch(
        f"SELECT {topics} AS topics FROM {recordset('$1', ATTRIBUTES)} ORDER BY viewer.no", _json(viewers)
    )
    await connection.close()

    assert [tuple(row["topics"]) for row in rows] == [viewer.topics() for viewer in viewers]


async def test_what_waits_is_each_roles_own(cast: Cast) -> None:
    draft, undated = await cast.event("DRAFT"), await cast.event("POSTPONED")
    invited, invitation, _ = await cast.invitation()

    desk = (await cast.secretariat.ask(WAITING))["waiting"]
    mayor = (await cast.mayor.ask(WAITING))["waiting"]
    invitee = (await invited.ask(WAITING))["waiting"]

    assert draft in _ids(desk["drafts"])
    assert undated in _ids(desk["undated"])
    assert desk["termsEnding"]["totalCount"] >= 0
    assert all(city["mayor"] is None for city in desk["seatsVacant"]["nodes"])
    assert [
        mayor[part]["totalCount"] for part in ("drafts", "undated", "over", "seatsVacant", "termsEnding")
    ] == [0] * 5
    assert _ids(invitee["invitations"]) == [invitation]
    assert (await cast.visitor.ask(WAITING))["waiting"] is None


async def test_an_event_past_its_end_waits_until_it_is_noted_as_held(cast: Cast) -> None:
    event = await cast.event("SCHEDULED", starts="2021-03-16T09:00")
    before = (await cast.secretariat.ask(WAITING))["waiting"]["over"]

    await cast.secretariat.done("holdEvent", eventId=event)

    assert event in _ids(before)
    assert event not in _ids((await cast.secretariat.ask(WAITING))["waiting"]["over"])


async def test_a_grant_about_to_end_waits_for_its_mayor_alone(cast: Cast) -> None:
    holder, grant = await cast.grant()
    await cast.home.rows(
        "UPDATE delegations SET during = daterange(lower(during), current_date + 7) WHERE id = $1",
        UUID(grant[4:]),
    )

    assert grant in _ids((await cast.mayor.ask(WAITING))["waiting"]["grantsEnding"])
    assert _ids((await holder.ask(WAITING))["waiting"]["grantsEnding"]) == []
    assert _ids((await cast.outsider.ask(WAITING))["waiting"]["grantsEnding"]) == []


async def _streamed(caller: Caller, since: str) -> list[str]:
    """What a stream brings from a cursor on, until it falls silent."""
    document = (
        "subscription ($after: Cursor) { notices(after: $after) { __typename ... on Notice { cursor } } }"
    )
    found: list[str] = []
    async with caller.listening(document, after=since) as heard:
        with suppress(TimeoutError):
            while True:
                found.append((await heard.item(0.5))["cursor"])
    return found


def _ids(connection: dict[str, Any]) -> list[str]:
    return [node["id"] for node in connection["nodes"]]


def _json(viewers: list[Acting]) -> str:
    rows = [{"no": n, **{name: getattr(v, name) for name in ATTRIBUTES}} for n, v in enumerate(viewers)]
    return json.dumps(rows, default=str)


class _ByName:
    def __getattr__(self, name: str) -> str:
        return f"viewer.{name}"
