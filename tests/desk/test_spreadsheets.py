"""The lists as spreadsheets: RFC 4180, whole, as narrowed, and nothing in them that would be calculated."""

import csv
import io

import httpx
import pytest

from portal.pages.desk.sheets import row
from tests.acts.making import Cast


async def test_a_list_longer_than_a_load_comes_whole(cast: Cast, desk: httpx.AsyncClient) -> None:
    answer = await desk.get("/desk/cities.csv?member=yes")

    members = await cast.home.value("SELECT count(*) FROM cities WHERE joined_on IS NOT NULL")
    rows = _read(answer)
    assert answer.content.startswith(b"\xef\xbb\xbf")
    assert answer.headers["content-disposition"].startswith('attachment; filename="cities-')
    assert len(rows) == members > 100
    assert len({one["id"] for one in rows}) == members
    assert next(one for one in rows if one["city"] == "Alexandria" and one["region"] == "VA")["mayor"]


async def test_it_holds_what_the_page_shows(cast: Cast, desk: httpx.AsyncClient) -> None:
    made = await cast.secretariat.done(
        "createEvent", title='=1+1, "quoted"', kind="MEETING", timeZone="UTC", location="Łódź"
    )

    rows = _read(await desk.get("/desk/events.csv?q=quoted&state=DRAFT"))

    assert [one["id"] for one in rows] == [made["id"]]
    assert rows[0]["title"] == '\'=1+1, "quoted"'
    assert rows[0]["place"] == "Łódź"


async def test_the_trail_comes_in_the_order_of_doing(cast: Cast, desk: httpx.AsyncClient) -> None:
    event = await cast.event("POSTPONED")

    rows = _read(await desk.get(f"/desk/audit.csv?subject={event}"))

    assert [one["act"] for one in rows] == ["createEvent", "scheduleEvent", "postponeEvent"]
    assert {one["subject"] for one in rows} == {event}
    assert rows[0]["e-mail"] == "secretariat@rotunda.example"


@pytest.mark.parametrize("text", ["=A1", "+1", "-1", "@x", "\tx", "\rx"])
def test_what_would_be_calculated_is_shown_instead(text: str) -> None:
    assert next(csv.reader(io.StringIO(row([text]), newline=""))) == [f"'{text}"]


def test_lines_end_as_the_standard_says_and_numbers_stay_numbers() -> None:
    assert row(["a\nb", None, -3]) == '"a\nb",,-3\r\n'


def _read(answer: httpx.Response) -> list[dict[str, str]]:
    text = answer.content.decode("utf-8-sig")
    assert "\r\n" in text
    return list(csv.DictReader(io.StringIO(text, newline="")))
