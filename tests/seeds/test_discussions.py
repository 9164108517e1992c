"""What mayors say to each other in the seeds: every kind of room, and counts that hold."""

from collections.abc import AsyncIterator

import asyncpg
import pytest

from seeds import members
from seeds.discussions import FAMILIAR
from tests.discussions.recount import differences
from tests.living import Home, shared_home, street

__all__ = ["shared_home", "street"]
PAGE = "{ viewer { unreadCount } groups(first: 50) { nodes { name unreadCount membership { status } } } }"


@pytest.fixture
async def planted(planted_database: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(planted_database)
    yield connection
    await connection.close()


async def test_every_audience_and_every_confidentiality_occurs(planted: asyncpg.Connection) -> None:
    found = await planted.fetch("SELECT audience, confidentiality FROM groups")

    assert len(found) > 13
    assert {row["audience"] for row in found} == {"open", "members", "invited", "hidden"}
    assert len({row["confidentiality"] for row in found}) == 4


async def test_there_is_much_to_read_and_nothing_from_the_future(planted: asyncpg.Connection) -> None:
    [(threads, posts, ahead)] = await planted.fetch(
        """SELECT (SELECT count(*) FROM threads), count(*), count(*) FILTER (WHERE at > now() OR edited_at > now()
               OR deleted_at > now() OR hidden_at > now()) FROM posts"""
    )

    assert (threads > 80, posts > 600, ahead) == (True, True, 0)


async def test_what_was_counted_is_what_is_there(planted: asyncpg.Connection) -> None:
    assert await differences(planted) == []
    assert await planted.fetchval("SELECT nextval('post_places') > max(place) FROM posts")


async def test_posts_of_a_thread_follow_each_other(planted: asyncpg.Connection) -> None:
    wrong = await planted.fetch(
        """SELECT thread_id FROM (SELECT thread_id, number, at, place, row_number() OVER w AS n,
               lag(at) OVER w AS before, lag(place) OVER w AS behind
               FROM posts WINDOW w AS (PARTITION BY thread_id ORDER BY number)) told
           WHERE number <> n OR at < before OR place < behind"""
    )

    assert wrong == []


async def test_everything_that_can_become_of_a_post_became_of_one(planted: asyncpg.Connection) -> None:
    [found] = await planted.fetch(
        """SELECT bool_or(for_office) AS office, bool_or(deleted_at IS NOT NULL) AS deleted,
               bool_or(hidden_because <> '') AS hidden, bool_or(edited_at IS NOT NULL) AS edited,
               EXISTS (SELECT FROM post_versions) AS kept,
               EXISTS (SELECT FROM reports WHERE status = 'open') AS reported,
               EXISTS (SELECT FROM mentions) AS named, EXISTS (SELECT FROM reactions) AS answered,
               (SELECT bool_or(pinned) AND bool_or(locked_at IS NOT NULL) AND bool_or(resolved_at IS NOT NULL)
                FROM threads) AS turned FROM posts"""
    )

    assert {name for name, occurs in found.items() if not occurs} == set()


async def test_only_who_may_speak_has_spoken(planted: asyncpg.Connection) -> None:
    wrong = await planted.fetch(
        """SELECT p.body FROM posts p JOIN groups g ON g.id = p.group_id
           LEFT JOIN memberships m ON m.group_id = g.id AND m.term_id = p.term_id AND m.status = 'joined'
           LEFT JOIN delegations d ON d.account_id = p.author_id AND d.term_id = p.term_id
           LEFT JOIN terms t ON t.id = p.term_id
           WHERE m.id IS NULL OR p.for_office AND (NOT g.offices_post OR d.accepted_at > p.at)
               OR p.for_office <> (d.id IS NOT NULL) OR NOT t.during @> p.at::date
               OR g.confidentiality <> 'ordinary' AND m.accepted_rule_at IS NULL"""
    )

    assert wrong == []


async def test_under_confidence_nobody_says_where_they_are_from(planted: asyncpg.Connection) -> None:
    told = await planted.fetch(
        """SELECT p.body FROM posts p JOIN terms t ON t.id = p.term_id JOIN cities c ON c.id = t.city_id
           WHERE p.chatham_house AND (p.body LIKE '%' || c.name || '%' OR p.body LIKE '%@%')"""
    )

    assert told == []


async def test_whom_the_readme_names_has_a_handful_unread(shared_home: Home) -> None:
    for email in (f"mayor@{FAMILIAR}.example", f"staff@{FAMILIAR}.example", members.SECRETARIAT):
        caller = await shared_home.caller(email)
        page = await caller.ask(PAGE)
        assert 4 <= page["viewer"]["unreadCount"] <= 12, email
        assert sum(one["unreadCount"] for one in page["groups"]["nodes"]) >= page["viewer"]["unreadCount"]
