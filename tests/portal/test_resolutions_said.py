"""What the rooms of resolutions make of an answer: a text as it is set, two versions of it, and what is left."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from portal import dates
from portal.live import SENTENCES
from portal.pages.home.telling import WORDS, changes
from portal.pages.resolutions import drafting
from portal.pages.resolutions.drafting import Piece
from portal.pages.resolutions.setting import compared, set_text
from portal.pages.resolutions.words import STATES, asked_again, left, unfinished
from portal.pages.search.room import leads
from portal.pages.why.room import arranged
from schema import printed

RIVER = Piece("cla_1", "WHEREAS", "rivers rise")
LEVEE = Piece("cla_2", "WHEREAS", "levees age")
BUILD = Piece("cla_3", "RESOLVED", "levees be built")


@pytest.fixture(scope="module")
def contract() -> Any:
    from graphql import build_schema  # noqa: PLC0415  # building takes a moment that other modules need not wait

    return build_schema(printed())


def clause(id_: str, kind: str, text: str) -> dict[str, str]:
    return {"id": id_, "kind": kind, "text": text}


def read(clauses: list[dict[str, str]]) -> list[str]:
    return [f"{line.lead}, {line.words}{line.end}" for line in set_text(clauses)]


def test_every_state_is_said_in_plain_words(contract: Any) -> None:
    assert set(STATES) == set(contract.type_map["ResolutionStatus"].values)


@pytest.mark.parametrize("noun", ["ResolutionNotice", "CallNotice"])
def test_what_is_news_of_a_resolution_has_words_at_home_and_on_live_pages(contract: Any, noun: str) -> None:
    kinds = {kind.name for kind in contract.get_possible_types(contract.type_map[noun])}

    assert kinds <= set(WORDS)
    assert kinds <= set(SENTENCES)


def test_every_act_upon_resolutions_stands_under_them_on_the_page_of_rights(contract: Any) -> None:
    acts = list(contract.mutation_type.fields)

    rooms = {
        room["key"]: {right["act"] for rights in room["answers"].values() for right in rights}
        for room in arranged([{"act": act, "because": None} for act in acts])
    }

    assert rooms["resolutions"] == {
        *("callForResolutions", "moveDeadline", "draftResolution", "editResolution", "gatherSponsors"),
        *("sponsorResolution", "withdrawSponsorship", "submitResolution", "withdrawResolution"),
    }


def test_a_text_is_set_as_such_texts_are() -> None:
    text = [
        clause("1", "WHEREAS", "rivers rise"),
        clause("2", "WHEREAS", "levees age"),
        clause("3", "RESOLVED", "the conference asks for levees"),
        clause("4", "RESOLVED", "a copy go to each governor"),
    ]

    assert read(text) == [
        "Whereas, rivers rise; and",
        "Whereas, levees age.",
        "Now, therefore, be it resolved, that the conference asks for levees; and",
        "Be it further resolved, that a copy go to each governor.",
    ]
    assert read(text[2:3]) == ["Be it resolved, that the conference asks for levees."]


def test_what_a_pasted_text_brings_along_is_set_once() -> None:
    text = [
        clause("1", "WHEREAS", "WHEREAS, rivers rise; and"),
        clause("2", "WHEREAS", "Whereas levees age; now, therefore, be it"),
        clause("3", "RESOLVED", "NOW, THEREFORE, BE IT RESOLVED, that levees be built; and"),
        clause("4", "RESOLVED", "That sand and gravel be bought."),
    ]

    assert read(text) == [
        "Whereas, rivers rise; and",
        "Whereas, levees age.",
        "Now, therefore, be it resolved, that levees be built; and",
        "Be it further resolved, that sand and gravel be bought.",
    ]


def test_two_versions_stand_clause_by_clause_and_what_was_left_out_where_it_stood() -> None:
    was = [clause("1", "WHEREAS", "rivers rise"), clause("2", "WHEREAS", "fish know it")]
    now = [clause("1", "WHEREAS", "all rivers rise"), clause("4", "WHEREAS", "levees age")]
    end = [clause("3", "RESOLVED", "levees be built")]

    found = compared(was + end, now + end)

    assert [(one.was and one.was.words, one.now and one.now.words) for one in found] == [
        ("rivers rise", "all rivers rise"),
        ("fish know it", None),
        (None, "levees age"),
        ("that levees be built", "that levees be built"),
    ]
    assert [one.same for one in found] == [False, False, False, True]


def test_a_clause_is_added_among_its_kind_moved_within_it_and_taken_out() -> None:
    added, at_new = drafting.arranged([RIVER, LEVEE, BUILD], "add:WHEREAS")
    raised, at_levee = drafting.arranged([RIVER, LEVEE, BUILD], "up:cla_2")
    stuck, _ = drafting.arranged([RIVER, LEVEE, BUILD], "down:cla_2")
    less, at_next = drafting.arranged([RIVER, LEVEE, BUILD], "remove:cla_1")

    assert added == [RIVER, LEVEE, Piece("new-1", "WHEREAS", ""), BUILD]
    assert at_new == "text-new-1"
    assert (raised, at_levee) == ([LEVEE, RIVER, BUILD], "down-cla_2")
    assert stuck == [RIVER, LEVEE, BUILD]
    assert (less, at_next) == ([LEVEE, BUILD], "text-cla_2")


@pytest.mark.parametrize("do", ["", "up:nothing", "remove:", "sideways:cla_1", "add:POEM", "down"])
def test_no_press_that_was_made_up_loses_what_was_typed(do: str) -> None:
    pieces, _ = drafting.arranged([RIVER, LEVEE, BUILD], do)

    assert set(pieces) >= {RIVER, LEVEE, BUILD}


def test_a_form_is_read_with_its_reasons_ahead_of_its_conclusions() -> None:
    sent = {"title": "Levees", "kind-cla_3": "RESOLVED", "text-cla_3": "levees be built"}
    sent |= {"kind-cla_1": "WHEREAS", "text-cla_1": "rivers rise", "kind-new-1": "POEM"}

    assert drafting.typed(sent) == [RIVER, Piece("new-1", "WHEREAS", ""), BUILD]


def test_what_stays_is_sent_under_its_id_and_what_is_empty_is_not_sent() -> None:
    pieces = [RIVER, Piece("new-1", "WHEREAS", ""), Piece("new-2", "WHEREAS", "fish know it"), BUILD]

    assert drafting.sent(pieces, ["cla_1"]) == [
        {"kind": "WHEREAS", "text": "rivers rise", "id": "cla_1"},
        {"kind": "WHEREAS", "text": "fish know it"},
        {"kind": "RESOLVED", "text": "levees be built"},
    ]


def test_what_is_wrong_with_a_clause_is_said_at_its_field_and_all_else_above_the_form() -> None:
    pieces = [Piece("new-1", "WHEREAS", ""), RIVER, BUILD]
    fields = [
        {"name": "clauses", "message": "Clause 2: Write less."},
        {"name": "clauses", "message": "Clause 9: Write less."},
        {"name": "title", "message": "Write more."},
    ]

    assert drafting.placed(fields, pieces) == {
        "text-cla_3": "Write less.",
        "clauses": "Clause 9: Write less.",
        "title": "Write more.",
    }


@pytest.mark.parametrize(
    ("ahead", "words"),
    [
        (timedelta(days=12, hours=1), "12 days left"),
        (timedelta(hours=47), "47 hours left"),
        (timedelta(minutes=90), "90 minutes left"),
        (timedelta(seconds=30), "Minutes left"),
        (timedelta(seconds=-1), ""),
    ],
)
def test_what_is_left_is_said_as_one_would(ahead: timedelta, words: str) -> None:
    due = (
        datetime.now(UTC) + ahead + (timedelta(seconds=20) if ahead > timedelta(minutes=1) else timedelta(0))
    )

    assert left({"dueAt": dates.stamp(due)}) == words


def test_home_waits_for_what_can_still_be_handed_in_and_for_texts_that_moved_on() -> None:
    own = [{"id": n, "call": {"open": n < 5}} for n in range(6)] + [{"id": 9, "call": None}]
    given: list[dict[str, Any]] = [
        {"id": "moved", "mySponsorship": {"current": False, "withdrawnAt": None}},
        {"id": "stands", "mySponsorship": {"current": True, "withdrawnAt": None}},
        {"id": "left", "mySponsorship": {"current": False, "withdrawnAt": "2031-01-01T00:00:00.000Z"}},
        {"id": "never", "mySponsorship": None},
    ]

    assert (unfinished(own)["totalCount"], len(unfinished(own)["nodes"])) == (5, 3)
    assert [node["id"] for node in asked_again(given)["nodes"]] == ["moved"]


def test_home_tells_a_resolution_and_a_call_under_their_names() -> None:
    said = {"at": "2031-01-04T15:00:00.000Z", "actor": None, "principal": None}
    notices = [
        said | {"__typename": "CallOpened", "cursor": "a", "call": {"id": "cal_1", "name": "99th"}},
        said
        | {"__typename": "ResolutionOpened", "cursor": "b", "resolution": {"id": "res_1", "title": "Levees"}},
        said
        | {"__typename": "SponsorJoined", "cursor": "c", "resolution": {"id": "res_1", "title": "Levees"}},
    ]

    told = [(change.title, change.href, change.word, list(change.steps)) for change in changes(notices)]

    assert told == [
        ("Levees", "/resolutions/res_1", "Sponsored", ["Open for sponsors"]),
        ("99th", "/resolutions?call=cal_1", "Resolutions are called for", []),
    ]


def test_home_tells_of_a_moved_deadline_what_it_was_and_what_it_is_however_often_it_moved() -> None:
    def moved(was: str, now: str) -> dict[str, Any]:
        at = {"cursor": now, "at": "2031-01-04T15:00:00.000Z", "actor": None, "principal": None}
        told = {"dueWas": due(was), "dueNow": due(now), "reason": "Snow."}
        return at | told | {"__typename": "DeadlineMoved", "call": {"id": "cal_1", "name": "99th"}}

    def due(wall: str) -> dict[str, str]:
        return {"dueAtLocal": wall, "timeZone": "America/Chicago"}

    first, second = (
        moved("2031-03-12T17:00", "2031-03-14T17:00"),
        moved("2031-03-14T17:00", "2031-03-16T17:00"),
    )
    back = moved("2031-03-16T17:00", "2031-03-12T17:00")
    [change], [none] = changes([first, second]), changes([first, second, back])

    assert change.was
    assert change.now
    assert (change.was.short, change.now.short) == ("Mar 12, 2031", "Mar 16, 2031")
    assert (none.was, none.now and none.now.short) == (None, "Mar 12, 2031")


def test_a_resolution_found_says_how_it_stands() -> None:
    found = {
        "__typename": "Resolution",
        "id": "res_1",
        "title": "Levees",
        "status": "GATHERING",
        "given": None,
    }
    mayor = {"name": "Ada", "city": {"name": "Norfolk"}}

    line = leads(found | {"call": {"name": "99th"}, "sponsor": mayor})
    numbered = leads(found | {"given": 4, "call": None, "sponsor": None})

    assert (line.kind, line.href) == ("Resolution", "/resolutions/res_1")
    assert list(line.beside) == ["Gathering sponsors", "Ada, Mayor of Norfolk", "99th"]
    assert list(numbered.beside) == ["No. 4"]
