"""What the rooms of discussions make of an answer: places in a thread, words that were found, sorted groups."""

from typing import Any

import pytest

from portal.live import SENTENCES
from portal.pages.groups.room import sorted_out
from portal.pages.groups.threads import Place, Window, post_place
from portal.pages.groups.words import AUDIENCES, BECAUSE, CONFIDENCES, MARKS, REMINDERS
from portal.pages.home.telling import WORDS, changes
from portal.pages.search.room import leads, marked
from portal.pages.why.room import arranged
from schema import printed


@pytest.fixture(scope="module")
def contract() -> Any:
    from graphql import build_schema  # noqa: PLC0415  # building takes a moment that other modules need not wait

    return build_schema(printed())


@pytest.mark.parametrize(
    ("enum", "words"),
    [
        ("GroupAudience", AUDIENCES),
        ("Confidentiality", CONFIDENCES),
        ("ReactionMark", MARKS),
        ("Because", BECAUSE),
    ],
)
def test_every_word_of_the_contract_is_said_in_plain_words(
    contract: Any, enum: str, words: dict[str, Any]
) -> None:
    assert set(words) == set(contract.type_map[enum].values)


def test_every_rule_has_a_reminder() -> None:
    assert set(REMINDERS) == set(CONFIDENCES) - {"ORDINARY"}


@pytest.mark.parametrize("noun", ["GroupNotice", "MembershipNotice", "ReportNotice"])
def test_what_is_news_of_a_group_has_words_at_home_and_on_live_pages(contract: Any, noun: str) -> None:
    kinds = {kind.name for kind in contract.get_possible_types(contract.type_map[noun])}

    assert kinds <= set(WORDS)
    assert kinds <= set(SENTENCES)


def test_an_invitation_is_told_at_home_with_its_group() -> None:
    notice = {
        "__typename": "GroupInvitation",
        "cursor": "c",
        "at": "2031-01-04T15:00:00.000Z",
        "actor": None,
        "principal": None,
        "membership": {"group": {"id": "grp_1", "name": "Leaks"}},
    }

    told = changes([notice])[0]

    assert (told.title, told.href, told.word) == ("Leaks", "/groups/grp_1", "You are invited")


def test_every_act_of_talk_stands_under_groups_on_the_page_of_rights(contract: Any) -> None:
    acts = list(contract.mutation_type.fields)
    talk = acts[acts.index("createGroup") : acts.index("callForResolutions")]

    rooms = {
        room["key"]: {right["act"] for rights in room["answers"].values() for right in rights}
        for room in arranged([{"act": act, "because": None} for act in acts])
    }

    assert set(talk) == rooms["groups"]


def test_a_page_that_reaches_the_end_grows_and_any_other_keeps_its_end() -> None:
    assert Window(first=51, last=100, end=100).query == "&from=51&shown=100"
    assert Window(first=51, last=100, end=101).query == "&from=51&shown=100&before=101"
    assert Place(51, 101).variables(more=50) == {"first": 100, "since": 51, "until": 101}
    assert Place(None, 101).variables() == {"last": 50, "until": 101}


def test_a_post_is_led_to_with_some_of_what_was_said_ahead_of_it() -> None:
    assert post_place("thr_1", 3) == "/threads/thr_1?from=1#p3"
    assert post_place("thr_1", 30) == "/threads/thr_1?from=20#p30"
    assert Window(first=25, last=74, end=90).near(30) == "?from=25#p30"


def test_the_words_that_were_looked_for_stand_out_and_nothing_else_gets_in() -> None:
    assert str(marked("<b>Water</b> & waterways", "water")) == (
        '&lt;b&gt;<mark class="found-mark">Water</mark>&lt;/b&gt; &amp; <mark class="found-mark">water</mark>ways'
    )
    assert str(marked("a < b", ".* (")) == "a &lt; b"


def test_a_post_found_without_its_thread_or_author_is_still_a_line() -> None:
    found = leads({"__typename": "Post", "number": 4, "thread": None, "author": None})

    assert (found.kind, found.title, list(found.beside)) == ("Post", "A thread", [])


def test_groups_stand_where_one_stands_with_them() -> None:
    def group(
        name: str, unread: int = 0, status: str = "", level: str = "", *, entered: bool = True
    ) -> dict[str, Any]:
        return {
            "name": name,
            "unreadCount": unread,
            "entered": entered,
            "lastPostAt": f"2031-01-0{unread}",
            "membership": {"status": status} if status else None,
            "attention": {"level": level} if level else None,
        }

    found = sorted_out(
        [
            {"node": node}
            for node in (
                group("older", 1),
                group("newer", 2),
                group("read"),
                group("loud", 9, level="MUTED"),
                group("asked", status="INVITED", entered=False),
                group("closed", entered=False),
            )
        ]
    )

    assert {where: [one["name"] for one in groups] for where, groups in found.items()} == {
        "invited": ["asked"],
        "unread": ["newer", "older"],
        "quiet": ["read"],
        "muted": ["loud"],
        "others": ["closed"],
    }
