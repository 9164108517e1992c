"""How an event is told."""

from portal.dates import wall
from portal.pages.events.telling import by_month, coming, told, upcoming
from tests.portal.fake_house import event, programme, was

BY_ID = {node["id"]: node for node in programme()}


def test_the_golden_case_tells_the_date_people_had_and_the_date_that_stands() -> None:
    meeting = told(BY_ID["evt_winter"])

    assert meeting.standing.word == "Re-scheduled"
    assert meeting.was is not None
    assert "January\N{NO-BREAK SPACE}21" in meeting.was.days
    assert "March\N{NO-BREAK SPACE}16" in meeting.now.days


def test_the_golden_case_keeps_both_moves_newest_first() -> None:
    moves = told(BY_ID["evt_winter"]).moves

    assert [move.word for move in moves] == ["Re-scheduled", "Postponed", "Save the date"]
    assert [move.on for move in moves] == ["January 20, 2022", "January 4, 2022", ""]
    assert moves[1].now.start is None
    assert moves[0].was is not None
    assert moves[0].was.start is None


def test_how_it_came_to_be_begins_with_how_it_stood_at_first_with_its_hours() -> None:
    first = told(BY_ID["evt_winter"]).moves[-1]

    assert (first.was, first.moved) == (None, True)
    assert (
        first.now.whole
        == "Jan 21\N{EN DASH}22, 2022, from 9:00\N{NO-BREAK SPACE}am Eastern\N{NO-BREAK SPACE}Time"
    )


def test_moving_online_tells_the_place_and_no_older_date() -> None:
    stood = [
        was(
            "2031-05-01T09:00",
            None,
            "SCHEDULED",
            "2031-04-01T00:00:00.000Z",
            "Snow.",
            location="Richmond, VA",
        ),
        was(None, None, "POSTPONED", "2031-03-02T00:00:00.000Z", "Found.", location="Richmond, VA"),
        was(
            "2031-04-01T09:00",
            None,
            "SCHEDULED",
            "2031-03-01T00:00:00.000Z",
            "Snow.",
            location="Richmond, VA",
        ),
    ]
    online = told(
        event("x", "X", "2031-05-01T09:00", None, status="MOVED_ONLINE", location="", previously=stood)
    )

    assert online.was is None
    assert (online.place, online.left) == ("Online", "Richmond, VA")
    assert [(move.place, move.left) for move in online.moves[:2]] == [("Online", "Richmond, VA"), ("", "")]


def test_what_takes_place_online_is_not_offered_to_be_moved_there() -> None:
    online = told(
        event("x", "X", "2031-05-01T09:00", None, location="online", canBe=["MOVE_ONLINE", "CANCEL"])
    )

    assert [verb.path for verb in online.verbs] == ["cancel"]


def test_what_is_next_has_a_date_and_will_be_held() -> None:
    ids = [one.node["id"] for one in coming(programme(), wall("2030-12-01T00:00"), 20)]

    assert "evt_annual" in ids
    assert not {"evt_heat", "evt_gala"} & set(ids)


def test_a_meeting_that_waits_for_its_date_keeps_its_old_place() -> None:
    ahead = upcoming(programme(), wall("2030-12-01T00:00"))

    titles = [meeting.node["title"] for meeting in ahead]
    assert titles.index("Urban Heat Exchange") < titles.index("Ninety-Ninth Annual Meeting")


def test_a_meeting_whose_old_date_is_past_waits_at_the_end() -> None:
    today = wall("2031-03-01T00:00")
    months = by_month(upcoming(programme(), today), today)

    assert months[-1][0] == "Date to come"
    assert [meeting.node["id"] for meeting in months[-1][1]] == ["evt_heat"]


def test_what_is_over_is_not_ahead_and_what_goes_on_is() -> None:
    ahead = upcoming(programme(), wall("2031-03-18T12:00"))

    ids = [meeting.node["id"] for meeting in ahead]
    assert "evt_annual" in ids
    assert "evt_standing" not in ids


def test_a_proposed_date_is_not_a_promise() -> None:
    node = event(
        "x",
        "X",
        "2031-05-01T09:00",
        None,
        status="POSTPONED",
        previously=[was("2031-04-01T09:00", None, "SCHEDULED", "2031-03-01T00:00:00.000Z", "Snow.")],
    )

    assert told(node).unsure
    assert told(node).standing.word == "Postponed"


def test_a_change_of_words_alone_shows_no_was() -> None:
    node = event("x", "X", "2031-05-01T09:00", None)

    assert told(node).was is None


def test_what_may_be_done_is_what_the_api_says_the_likeliest_first() -> None:
    postponed = told(
        event("x", "X", None, None, status="POSTPONED", canBe=["POSTPONE", "RESCHEDULE", "CANCEL"])
    )
    watched = told(event("x", "X", None, None, status="POSTPONED"))

    assert [verb.path for verb in postponed.verbs] == ["reschedule", "postpone", "cancel"]
    assert watched.verbs == []


def test_a_state_this_page_never_heard_of_is_still_a_word() -> None:
    assert told(event("x", "X", None, None, status="IN_LIMBO")).standing.word == "In limbo"
