"""Dates as a programme prints them."""

from datetime import datetime

import pytest

from portal import dates


def plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ").replace("\N{EN DASH}", "-")


def wall(text: str) -> datetime:
    return dates.wall(text)


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        ("2022-03-16T09:00", "2022-03-17T17:00", "Wednesday, March 16 - Thursday, March 17, 2022"),
        ("2022-03-16T09:00", "2022-03-16T17:00", "Wednesday, March 16, 2022"),
        ("2022-03-16T09:00", None, "Wednesday, March 16, 2022"),
        ("2022-12-31T20:00", "2023-01-01T02:00", "Saturday, December 31, 2022 - Sunday, January 1, 2023"),
        ("2022-03-16T20:00", "2022-03-17T00:00", "Wednesday, March 16, 2022"),
    ],
)
def test_days_are_written_out(start: str, end: str | None, words: str) -> None:
    assert plain(dates.days(wall(start), wall(end) if end else None)) == words


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        ("2022-03-16T09:00", "2022-03-17T17:00", "Mar 16-17, 2022"),
        ("2022-03-31T09:00", "2022-04-01T17:00", "Mar 31 - Apr 1, 2022"),
        ("2022-12-31T09:00", "2023-01-01T17:00", "Dec 31, 2022 - Jan 1, 2023"),
        ("2022-03-16T09:00", None, "Mar 16, 2022"),
    ],
)
def test_a_list_has_room_for_short_days(start: str, end: str | None, words: str) -> None:
    assert plain(dates.short_days(wall(start), wall(end) if end else None)) == words


def test_a_day_that_ends_at_midnight_is_one_day() -> None:
    assert dates.day_numbers(wall("2031-03-16T09:00"), wall("2031-03-17T00:00")) == "16"


def test_hours_name_their_zone_in_words() -> None:
    start, end = wall("2022-03-16T09:00"), wall("2022-03-16T12:00")

    assert plain(dates.hours(start, end, "America/New_York")) == "9:00 am - 12 noon Eastern Time"


def test_several_days_have_a_first_hour() -> None:
    start, end = wall("2022-03-16T09:00"), wall("2022-03-17T17:00")

    assert plain(dates.hours(start, end, "Europe/Paris")) == "from 9:00 am Paris time"


def test_midnight_and_noon_are_words() -> None:
    assert dates.clock(wall("2022-03-16T00:00")) == "midnight"
    assert dates.clock(wall("2022-03-16T12:00")) == "12 noon"
    assert plain(dates.clock(wall("2022-03-16T12:30"))) == "12:30 pm"


@pytest.mark.parametrize(
    ("zone", "words", "city"),
    [
        ("America/New_York", "Eastern Time", "New York"),
        ("America/Argentina/Buenos_Aires", "Buenos Aires time", "Buenos Aires"),
        ("UTC", "Universal Time", ""),
    ],
)
def test_zones_are_words_never_abbreviations(zone: str, words: str, city: str) -> None:
    assert (dates.zone_words(zone), dates.clock_city(zone)) == (words, city)


def test_what_was_told_late_in_the_evening_was_told_that_day() -> None:
    assert dates.told_on("2022-01-05T03:00:00.000Z", "America/New_York") == "January 4, 2022"


def test_an_unknown_zone_does_not_break_a_page() -> None:
    assert dates.told_on("2022-01-05T03:00:00.000Z", "Mars/Olympus") == "January 5, 2022"


def test_instants_go_out_in_the_api_s_one_form() -> None:
    assert dates.stamp(dates.instant("2031-03-12T12:00:00-04:00")) == "2031-03-12T16:00:00.000Z"


def test_a_moment_is_told_on_the_clocks_of_a_place_with_their_name() -> None:
    there = dates.told_at("2022-01-04T20:00:00.000Z", "America/New_York")
    nowhere = dates.told_at("2022-01-04T20:00:00.000Z", "Mars/Olympus")

    assert [part.replace(dates.NBSP, " ") for part in there] == ["January 4, 2022", "3:00 pm Eastern Time"]
    assert nowhere[1].startswith("8:00")
