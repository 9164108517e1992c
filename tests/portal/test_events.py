"""The calendar, an event, and moving it; all of it without JavaScript."""

import re
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

from portal.app import build_portal
from tests.portal.fake_house import MAYOR, FakeApi, FakeDoor

REASON = {"reason": "The roof leaks.", "key": "key-1", "version": "2", "acting": "cap_self"}


async def test_the_calendar_groups_by_month_and_tells_what_moved(visitor: httpx.AsyncClient) -> None:
    page = (await visitor.get("/calendar")).text

    assert page.index("January 2031") < page.index("March 2031") < page.index("May 2031")
    assert "Jan 21\N{EN DASH}24, 2031" in page
    assert "Re-scheduled" in page
    assert "Winter Meeting" not in page


async def test_earlier_years_are_reachable(visitor: httpx.AsyncClient, api: FakeApi) -> None:
    front = (await visitor.get("/calendar")).text
    page = (await visitor.get("/calendar?year=2022")).text

    assert 'href="/calendar?year=2022"' in front
    assert "Winter Meeting" in page
    assert api.asked[-1][1] == {"from": "2022-01-01T00:00:00.000Z", "until": "2023-01-01T00:00:00.000Z"}


@pytest.mark.parametrize("year", ["twenty", "99999999999", "-1", ""])
async def test_a_year_that_is_none_is_no_error(visitor: httpx.AsyncClient, year: str) -> None:
    assert (await visitor.get(f"/calendar?year={year}")).status_code == 200


async def test_an_event_tells_was_and_now_in_words(visitor: httpx.AsyncClient) -> None:
    page = (await visitor.get("/events/evt_winter")).text

    assert re.search(r"<dt>Was</dt>\s*<dd>\s*<del>", page)
    assert re.search(r"<dt>Now</dt>\s*<dd>\s*<ins>", page)
    assert "from 9:00 am Eastern Time" in page.replace("\N{NO-BREAK SPACE}", " ")
    assert "How it came to be" in page
    assert "in good conscience" in page


async def test_a_cancelled_event_says_so_in_words(visitor: httpx.AsyncClient) -> None:
    page = (await visitor.get("/events/evt_gala")).text

    assert "It will not be held" in page
    assert "The sponsor has withdrawn." in page


async def test_an_event_one_may_not_know_of_looks_like_none(visitor: httpx.AsyncClient) -> None:
    answer = await visitor.get("/events/evt_secret")

    assert answer.status_code == 404
    assert "There is nothing here" in answer.text


async def test_only_who_may_move_an_event_is_offered_to(staff: httpx.AsyncClient) -> None:
    assert "/postpone" not in (await staff.get("/events/evt_annual")).text
    answer = await staff.get("/events/evt_annual/postpone")
    assert answer.status_code == 403
    assert "Its host and the secretariat can" in answer.text


async def test_a_visitor_is_led_to_the_door_and_back(visitor: httpx.AsyncClient) -> None:
    answer = await visitor.get("/events/evt_annual/postpone")

    assert answer.headers["location"] == "/sign-in?next=/events/evt_annual/postpone"


async def test_the_form_brings_a_key_and_the_version(secretariat: httpx.AsyncClient) -> None:
    page = (await secretariat.get("/events/evt_annual/postpone")).text

    assert re.search(r'name="key" value="[0-9a-f-]{36}"', page)
    assert 'name="version" value="2"' in page
    assert 'value="09:00"' in page


async def test_nothing_is_done_before_it_was_seen(secretariat: httpx.AsyncClient, api: FakeApi) -> None:
    page = await secretariat.post(
        "/events/evt_annual/postpone",
        data=REASON | {"step": "look", "start_date": "2031-05-04", "start_time": "09:00"},
    )

    assert page.status_code == 200
    assert "is this right?" in page.text
    assert "May\N{NO-BREAK SPACE}4" in page.text
    assert "to be confirmed" in page.text
    assert 'name="key" value="key-1"' in page.text
    assert not any(name == "Postpone" for name, _ in api.asked)


async def test_postponing_without_a_date(secretariat: httpx.AsyncClient, api: FakeApi) -> None:
    answer = await secretariat.post(
        "/events/evt_annual/postpone",
        data=REASON | {"step": "do", "start_time": "09:00", "end_time": "13:00"},
    )
    page = await secretariat.get(answer.headers["location"])

    assert answer.headers["location"] == "/events/evt_annual"
    assert ("Postpone", {"input": _sent()}) in api.asked
    assert "Done. The event is postponed" in page.text
    assert "New date to come" in page.text


async def test_postponing_to_a_date(secretariat: httpx.AsyncClient, api: FakeApi) -> None:
    dates = {"start_date": "2031-05-04", "start_time": "09:00", "end_date": "2031-05-06", "end_time": "13:00"}

    await secretariat.post("/events/evt_annual/postpone", data=REASON | dates | {"step": "do"})

    sent = _sent(newStartsAt="2031-05-04T09:00", newEndsAt="2031-05-06T13:00")
    assert ("Postpone", {"input": sent}) in api.asked


async def test_setting_the_new_date(secretariat: httpx.AsyncClient, api: FakeApi) -> None:
    dates = {"start_date": "2031-06-01", "start_time": "10:00", "end_time": "12:00"}

    answer = await secretariat.post("/events/evt_heat/reschedule", data=REASON | dates | {"step": "do"})

    sent = _sent(eventId="evt_heat", startsAt="2031-06-01T10:00", endsAt="2031-06-01T12:00")
    assert ("Reschedule", {"input": sent}) in api.asked
    assert answer.status_code == 303


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"reason": ""}, "reason"),
        ({"reason": "x" * 501}, "reason"),
        ({"start_date": "May 4"}, "start_date"),
        ({"start_date": "2031-05-04", "end_date": "2031-05-03"}, "end_date"),
    ],
)
async def test_slips_are_said_at_their_field(
    secretariat: httpx.AsyncClient, api: FakeApi, sent: dict[str, str], field: str
) -> None:
    answer = await secretariat.post("/events/evt_annual/postpone", data=REASON | sent | {"step": "do"})

    assert answer.status_code == 422
    assert f'id="{field}-problem"' in answer.text
    assert not any(name == "Postpone" for name, _ in api.asked)


async def test_what_the_api_refuses_in_a_field_is_said_there(
    secretariat: httpx.AsyncClient, api: FakeApi
) -> None:
    item = {"name": "newStartsAt", "message": "That day has passed.", "suggestion": "Choose one after today."}
    api.outcome = {"__typename": "Invalid", "message": "One field.", "fields": [item]}

    answer = await secretariat.post(
        "/events/evt_annual/postpone", data=REASON | {"step": "do", "start_date": "2031-08-01"}
    )

    assert answer.status_code == 422
    assert "That day has passed. Choose one after today." in answer.text
    assert 'id="start_date-problem"' in answer.text
    assert "The roof leaks." in answer.text
    assert 'value="key-1"' not in answer.text


@pytest.mark.parametrize("kind", ["Refused", "WrongMoment", "Missing", "KeyReused"])
async def test_a_problem_is_told_in_its_own_words(
    secretariat: httpx.AsyncClient, api: FakeApi, kind: str
) -> None:
    api.outcome = {"__typename": kind, "message": "Ask the host to do it."}

    answer = await secretariat.post("/events/evt_annual/postpone", data=REASON | {"step": "do"})

    assert answer.status_code == 422
    assert "Ask the host to do it." in answer.text


async def test_when_someone_was_quicker_what_stands_is_shown(
    secretariat: httpx.AsyncClient, api: FakeApi
) -> None:
    api.outcome = {"__typename": "Conflict", "message": "Someone moved it meanwhile.", "version": 7}
    api.events["evt_annual"]["version"] = 7

    answer = await secretariat.post("/events/evt_annual/postpone", data=REASON | {"step": "do"})

    assert "Meanwhile The Secretariat moved it: it stands as re-scheduled" in answer.text
    assert "Mar 16\N{EN DASH}19, 2031" in answer.text
    assert 'name="version" value="7"' in answer.text
    assert "The roof leaks." in answer.text


async def test_words_are_escaped(secretariat: httpx.AsyncClient, api: FakeApi) -> None:
    api.events["evt_annual"]["title"] = "<script>alert(1)</script>"

    for path in ("/events/evt_annual", "/calendar", "/events/evt_annual/postpone"):
        assert "<script>alert" not in (await secretariat.get(path)).text


async def test_letters_wait_at_dev_mail_with_links_to_follow(
    visitor: httpx.AsyncClient, tmp_path: object
) -> None:
    file = re.sub(r"$", "/1.eml", str(tmp_path))
    with open(file, "w") as letter:  # noqa: ASYNC230, PTH123  # a test may wait for its own file
        letter.write(
            "To: a@b.example\nSubject: Hello <b>\n\nGo to http://testserver/sign-in/abc.\n<script>\n"
        )

    listed = (await visitor.get("/dev/mail")).text
    shown = (await visitor.get("/dev/mail/1.eml")).text

    assert "Hello &lt;b&gt;" in listed
    assert '<a href="http://testserver/sign-in/abc">' in shown
    assert "<script>\n" not in shown
    assert (await visitor.get("/dev/mail/..%2f1.eml")).status_code == 404


async def test_mail_is_not_shown_under_a_strange_name(visitor: httpx.AsyncClient) -> None:
    assert (await visitor.get("/dev/mail", headers={"host": "rebound.example"})).status_code == 403


async def test_mail_is_not_shown_to_another_machine(portal: Starlette) -> None:
    elsewhere = httpx.ASGITransport(app=portal, client=("192.0.2.7", 1234))
    async with httpx.AsyncClient(transport=elsewhere, base_url="http://testserver") as browser:
        answer = await browser.get("/dev/mail")

    assert answer.status_code == 403
    assert "set SMTP_URL to have it sent" in answer.text


async def test_mail_is_not_shown_through_a_proxy(visitor: httpx.AsyncClient) -> None:
    for name in ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via"):
        assert (await visitor.get("/dev/mail", headers={name: "127.0.0.1"})).status_code == 403


async def test_mail_is_not_shown_by_a_house_that_people_reach_from_elsewhere(
    api: FakeApi, tmp_path: Path
) -> None:
    """A proxy on the same machine that says nothing of whom it speaks for, as nginx does unless it is told to."""
    (tmp_path / "1.eml").write_text("To: a@b.example\nSubject: Hello\n\nYour link.\n")
    routes = build_portal(api=api, door=FakeDoor(api), public_url="https://rotunda.example", mailbox=tmp_path)
    here = httpx.ASGITransport(app=Starlette(routes=routes), client=("127.0.0.1", 1234))

    for host in ("localhost:8000", "127.0.0.1", "rotunda.example"):
        async with httpx.AsyncClient(transport=here, base_url=f"http://{host}") as browser:
            for path in ("/dev/mail", "/dev/mail/1.eml", "/dev/mail/1.eml/html"):
                assert (await browser.get(path)).status_code == 403


def _sent(**more: str | None) -> dict[str, object]:
    return {
        "eventId": "evt_annual",
        "reason": "The roof leaks.",
        "idempotencyKey": "key-1",
        "expectedVersion": 2,
        **more,
    }


async def test_a_form_opened_for_one_is_not_sent_for_another(
    secretariat: httpx.AsyncClient, api: FakeApi
) -> None:
    api.acting["token-secretariat"] = MAYOR

    answer = await secretariat.post("/events/evt_annual/postpone", data=REASON | {"step": "do"})

    assert "Meanwhile you act for someone else" in answer.text
    assert f'name="acting" value="{MAYOR["id"]}"' in answer.text
    assert not any(name == "Postpone" for name, _ in api.asked)


async def test_after_a_fault_of_ours_the_key_stays(secretariat: httpx.AsyncClient, api: FakeApi) -> None:
    api.broken = True

    answer = await secretariat.post("/events/evt_annual/postpone", data=REASON | {"step": "do"})

    assert "Something went wrong on our side" in answer.text
    assert 'value="key-1"' in answer.text


POSTPONE = "/events/evt_annual/postpone"


async def test_what_would_be_refused_is_said_before_the_view_of_what_will_be(
    secretariat: httpx.AsyncClient, api: FakeApi
) -> None:
    api.foreseen = {"__typename": "WrongMoment", "message": "It is over.", "fields": None}

    answer = await secretariat.post(POSTPONE, data=REASON | {"step": "look"})

    assert answer.status_code == 422
    assert "It is over." in answer.text
    assert "is this right?" not in answer.text
    assert [act for act, _ in api.rehearsed] == ["postponeEvent"]


async def test_a_day_that_is_over_is_no_date_to_give(secretariat: httpx.AsyncClient, api: FakeApi) -> None:
    answer = await secretariat.post(POSTPONE, data=REASON | {"step": "look", "start_date": "2022-01-21"})

    assert answer.status_code == 422
    assert "That day is over. Give one from today on." in answer.text
    assert api.rehearsed == []


@pytest.mark.parametrize(
    "event", ["evt_annual", "evt_heat"]
)  # one on a day to come, one that was to be on such a day
async def test_what_lies_ahead_is_no_record_of_what_was(
    secretariat: httpx.AsyncClient, api: FakeApi, event: str
) -> None:
    past = REASON | {"start_date": "2022-01-21", "start_time": "09:00", "record": "yes", "step": "look"}

    answer = await secretariat.post(f"/events/{event}/postpone", data=past)

    assert answer.status_code == 422
    assert "That day is over. Give one from today on." in answer.text
    assert "It is a record of what was" not in answer.text
    assert api.rehearsed == []


async def test_the_secretariat_may_keep_a_record_of_what_was(
    secretariat: httpx.AsyncClient, api: FakeApi
) -> None:
    api.events["evt_annual"] |= {"startsAtLocal": "2022-03-16T09:00", "endsAtLocal": "2022-03-17T17:00"}
    past = REASON | {"start_date": "2022-01-21", "start_time": "09:00"}

    asked = await secretariat.post(POSTPONE, data=past | {"step": "look"})
    past |= {"record": "yes"}
    look = await secretariat.post(POSTPONE, data=past | {"step": "look"})
    done = await secretariat.post(POSTPONE, data=past | {"step": "do"})

    assert "It is a record of what was" in asked.text
    assert 'name="record" value="yes"' in look.text
    assert "This is earlier than it stood; is that meant?" in look.text
    assert done.status_code == 303
    assert ("Postpone", {"input": _sent(newStartsAt="2022-01-21T09:00", newEndsAt=None)}) in api.asked


async def test_a_last_day_left_as_it_stood_moves_with_the_first(
    secretariat: httpx.AsyncClient, api: FakeApi
) -> None:
    api.events["evt_annual"] |= {"status": "POSTPONED"}  # to March 16 to 19, not confirmed
    form = (await secretariat.get("/events/evt_annual/reschedule")).text
    later = {"start_date": "2031-03-30", "end_date": "2031-03-19", "start_time": "09:00", "end_time": "13:00"}

    await secretariat.post("/events/evt_annual/reschedule", data=REASON | later | {"step": "do"})

    assert re.search(r'id="end_date"[^>]*value="2031-03-19"', form)
    asked = _sent(startsAt="2031-03-30T09:00", endsAt="2031-04-02T13:00")
    assert ("Reschedule", {"input": asked}) in api.asked


async def test_of_a_single_day_no_last_day_is_filled_in(secretariat: httpx.AsyncClient, api: FakeApi) -> None:
    api.events["evt_water"] |= {"status": "POSTPONED"}

    form = (await secretariat.get("/events/evt_water/reschedule")).text

    assert re.search(r'id="start_date"[^>]*value="2031-01-14"', form)
    assert re.search(r'id="end_date"[^>]*value=""', form)


async def test_an_hour_that_was_not_given_is_told_before_it_is_taken(secretariat: httpx.AsyncClient) -> None:
    look = await secretariat.post(POSTPONE, data=REASON | {"step": "look", "start_date": "2031-05-04"})

    assert "No hour was given, so it begins at 9:00" in look.text


async def test_postponing_to_where_it_stands_is_asked_about(secretariat: httpx.AsyncClient) -> None:
    same = {"start_date": "2031-03-16", "start_time": "09:00", "end_date": "2031-03-19", "end_time": "13:00"}

    look = await secretariat.post(POSTPONE, data=REASON | same | {"step": "look"})

    assert "only that it is no longer confirmed is told" in look.text


async def test_postponing_again_without_a_date_changes_nothing_and_is_not_done(
    secretariat: httpx.AsyncClient, api: FakeApi
) -> None:
    answer = await secretariat.post("/events/evt_heat/postpone", data=REASON | {"step": "do"})

    assert answer.status_code == 422
    assert "It has no date already; nothing would change." in answer.text
    assert not any(name == "Postpone" for name, _ in api.asked)


async def test_a_hint_that_the_sentence_holds_already_is_not_said_twice(
    secretariat: httpx.AsyncClient, api: FakeApi
) -> None:
    item = {"name": "timeZone", "message": "Did you mean Europe/Paris?", "suggestion": "Europe/Paris"}
    api.foreseen = {"__typename": "Invalid", "message": "One field.", "fields": [item]}

    answer = await secretariat.post(POSTPONE, data=REASON | {"step": "look"})

    assert "Did you mean Europe/Paris?" in answer.text
    assert "Europe/Paris? Europe/Paris" not in answer.text


async def test_what_takes_place_online_has_no_place_to_leave(
    secretariat: httpx.AsyncClient, api: FakeApi
) -> None:
    api.events["evt_water"]["canBe"] = ["MOVE_ONLINE"]

    answer = await secretariat.get("/events/evt_water/move-online")

    assert answer.status_code == 403
    assert "It takes place online already" in answer.text


async def test_moving_online_tells_where_it_was(secretariat: httpx.AsyncClient) -> None:
    look = await secretariat.post("/events/evt_annual/move-online", data=REASON | {"step": "look"})

    assert "Where: <ins>Online</ins> (was <del>Washington, DC</del>)" in look.text
    assert "<dt>Was</dt>" not in look.text
