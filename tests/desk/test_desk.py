"""The desk's rooms: open to whom they are for, and for everybody else not there."""

import re
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from graphql import build_schema

from portal.deeds import DEEDS
from tests.acts.making import Cast
from tests.desk.conftest import browser_of
from tests.living import ROOT

ROOMS = ("/desk", "/desk/events", "/desk/cities", "/desk/terms", "/desk/accounts", "/desk/audit")
SHEETS = tuple(f"{room}.csv" for room in ROOMS[1:])


@pytest.mark.parametrize("path", [*ROOMS, *SHEETS, "/desk/events/new"])
async def test_each_room_is_open_to_the_secretariat_and_not_there_for_a_mayor(
    cast: Cast, desk: httpx.AsyncClient, path: str
) -> None:
    async with browser_of(cast.mayor) as mayor, browser_of(cast.visitor) as visitor:
        theirs, nobodys = await mayor.get(path), await visitor.get(path)

    assert (await desk.get(path)).status_code == 200
    assert theirs.status_code == 404
    assert "There is nothing here" in theirs.text
    assert (nobodys.status_code, nobodys.headers["location"][:13]) == (303, "/sign-in?next")


async def test_a_host_finds_their_own_events_at_the_desk_and_no_other_room(cast: Cast) -> None:
    others = await cast.event("SCHEDULED")
    async with browser_of(await cast.home.caller("host@water.example")) as host:
        found = await host.get("/desk/events?from=")
        calendar = (await host.get("/calendar")).text

        assert found.status_code == 200
        assert "Water Affordability" in found.text
        assert others not in found.text
        assert 'href="/desk/events"' in calendar
        assert (await host.get("/desk")).status_code == 404
        assert (await host.get("/desk/audit")).status_code == 404


async def test_a_list_is_narrowed_by_words_state_and_days(cast: Cast, desk: httpx.AsyncClient) -> None:
    ahead, off = await cast.event("SCHEDULED", starts="2031-08-01T09:00"), await cast.event("CANCELLED")

    scheduled = (
        await desk.get("/desk/events?q=a+MEETING&state=SCHEDULED&from=2031-08-01&until=2031-08-01")
    ).text
    nonsense = await desk.get("/desk/events?state=ASLEEP&from=tomorrow&kind=x&page=")

    assert ahead in scheduled
    assert off not in scheduled
    assert nonsense.status_code == 200


async def test_a_long_list_goes_on_where_it_left_off(desk: httpx.AsyncClient) -> None:
    first = (await desk.get("/desk/cities?member=yes")).text
    onward = re.search(r'class="onward">\s*<a href="([^"]+)"', first)
    assert onward
    second = (await desk.get(f"/desk/cities{onward[1].replace('&amp;', '&')}")).text

    titles = [set(re.findall(r'href="/cities/([^"]+)"', page)) for page in (first, second)]
    assert len(titles[0]) == len(titles[1]) == 50
    assert not titles[0] & titles[1]


async def test_a_term_is_opened_and_ended_with_what_hangs_on_it_named(
    cast: Cast, desk: httpx.AsyncClient
) -> None:
    city = await cast.vacant_city()
    today = datetime.now(UTC).date()
    asked = f"/desk/terms/open?city={city}"
    person = {"name": "Ada Example", "email": "ada@new.example"}

    form = _hidden((await desk.get(asked)).text) | person
    look = await desk.post(asked, data=form | {"starts_on": str(today - timedelta(days=60)), "step": "look"})
    opened = await desk.post(asked, data=_hidden(look.text) | {"step": "do"})
    listed = (await desk.get(opened.headers["location"])).text
    end = re.search(r'href="(/desk/terms/may_[0-9a-f]+/end)"', listed)
    assert end
    form = _hidden((await desk.get(end[1])).text)
    look_again = await desk.post(end[1], data=form | {"on": str(today), "step": "look"})
    ended = await desk.post(end[1], data=_hidden(look_again.text) | {"step": "do"})

    assert "acts as the mayor" in look.text
    assert "What ends with it" in look_again.text
    assert ended.status_code == 303
    assert "Done. The term" in (await desk.get(ended.headers["location"])).text


async def test_ending_a_term_names_the_delegations_that_end(cast: Cast, desk: httpx.AsyncClient) -> None:
    await cast.grant()
    asked = "{ viewer { capacity { principal { id } } } }"
    mayor = (await cast.mayor.ask(asked))["viewer"]["capacity"]["principal"]["id"]

    page = (await desk.get(f"/desk/terms/{mayor}/end")).text

    assert re.search(r"\d+ delegations, and everything open under them", page)


async def test_somebody_is_let_into_the_secretariat_and_taken_out_again(
    cast: Cast, desk: httpx.AsyncClient
) -> None:
    holder, _ = await cast.grant()
    account = (await holder.ask("{ viewer { account { id } } }"))["viewer"]["account"]["id"]
    address = f"/desk/accounts/{account}/secretariat"

    form = _hidden((await desk.get(address)).text)
    await desk.post(address, data=form | {"step": "appoint"})
    inside = (await desk.get(f"/desk/accounts/{account}")).text
    form = _hidden((await desk.get(address)).text)
    await desk.post(address, data=form | {"step": "dismiss"})

    assert "Take out of the secretariat" in inside
    trail = (await desk.get(f"/desk/audit?subject={account}")).text
    told = re.findall(r"<strong>([^<]+)</strong>", trail)
    assert told[1:5] == ["took", "out of the secretariat", "let", "into the secretariat"]


async def test_the_last_of_the_secretariat_stays(cast: Cast) -> None:
    me = (await cast.secretariat.ask("{ viewer { account { id } } }"))["viewer"]["account"]["id"]

    outcome = await cast.secretariat.act("dismissSecretariat", accountId=me)

    assert outcome["__typename"] == "WrongMoment"
    assert "appoint another first" in outcome["message"]


async def test_a_new_secretary_may_do_it_from_the_next_act_on_and_a_former_one_no_longer(cast: Cast) -> None:
    holder, _ = await cast.grant()
    account = (await holder.ask("{ viewer { account { id } } }"))["viewer"]["account"]["id"]
    myself = holder.acting_for(account.replace("acc_", "cap_"))
    event = await cast.event("SCHEDULED")

    before = await myself.act("postponeEvent", eventId=event)
    await cast.secretariat.done("appointSecretariat", accountId=account)
    within = await myself.act("postponeEvent", eventId=event)
    await cast.secretariat.done("dismissSecretariat", accountId=account)
    after = await myself.act("cancelEvent", eventId=event)

    assert [one["__typename"] for one in (before, within, after)] == ["Missing", "Event", "Missing"]


async def test_the_trail_is_followed_from_a_row_and_from_a_person(
    cast: Cast, desk: httpx.AsyncClient
) -> None:
    event, other = await cast.event("POSTPONED"), await cast.event("CANCELLED")

    trail = (await desk.get(f"/desk/audit?subject={event}")).text
    actor = re.search(r'href="(/desk/audit\?actor=acc_[0-9a-f]+)"', trail)
    assert actor
    theirs = (await desk.get(actor[1])).text

    deeds = re.findall(r"<strong>([^<]+)</strong>", trail)
    assert deeds[-4:] == ["postponed", "put", "on the calendar", "drafted"]
    assert other not in trail
    assert other in theirs


def test_every_act_has_words_in_the_trail() -> None:
    schema = build_schema((ROOT / "schema" / "schema.graphql").read_text())

    assert schema.mutation_type
    # What one has seen is nobody's business, and is not written down.
    assert set(schema.mutation_type.fields) - {"markSeen"} <= set(DEEDS)


async def test_the_trail_shows_nobody_anothers_acts(cast: Cast) -> None:
    event = await cast.event("POSTPONED")
    asked = "query ($id: ID!) { audit(subject: $id) { totalCount nodes { id } } }"

    for caller in (cast.visitor, cast.outsider, cast.mayor, cast.scopeless):
        assert (await caller.ask(asked, id=event))["audit"] == {"totalCount": 0, "nodes": []}
    assert (await cast.secretariat.ask(asked, id=event))["audit"]["totalCount"] == 3


def _hidden(page: str) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))


async def test_what_a_term_cannot_be_is_said_at_the_form(cast: Cast, desk: httpx.AsyncClient) -> None:
    mayor, city = await cast.term()
    began = await cast.home.value("SELECT lower(during) FROM terms WHERE id = $1::uuid", mayor[4:])
    ending, opening = f"/desk/terms/{mayor}/end", f"/desk/terms/open?city={city}"

    too_early = await desk.post(
        ending, data=_hidden((await desk.get(ending)).text) | {"on": "2018-01-01", "step": "look"}
    )
    person = {"name": "Ada Second", "email": "second@new.example", "starts_on": str(began), "step": "look"}
    taken = await desk.post(opening, data=_hidden((await desk.get(opening)).text) | person)

    assert (too_early.status_code, taken.status_code) == (422, 422)
    assert f"The term began on {began:%B} {began.day}, {began.year}; it cannot end" in too_early.text
    assert "has a mayor on some of these days" in taken.text
    assert "is this right?" not in too_early.text + taken.text


async def test_a_term_that_is_over_is_not_offered_to_be_ended(cast: Cast, desk: httpx.AsyncClient) -> None:
    mayor, city = await cast.term()
    listed = f"/desk/terms?city={city}"
    before = (await desk.get(listed)).text

    await cast.secretariat.done("endTerm", mayorId=mayor, on=str(datetime.now(UTC).date()))

    assert f"/desk/terms/{mayor}/end" in before
    assert f"/desk/terms/{mayor}/end" not in (await desk.get(listed)).text


async def test_the_list_of_cities_begins_with_members_and_warns_of_their_seats_alone(
    desk: httpx.AsyncClient,
) -> None:
    opened, others = (await desk.get("/desk/cities")).text, (await desk.get("/desk/cities?member=no")).text
    everywhere = (await desk.get("/desk/cities?member=&q=aba")).text

    assert "not a member" not in opened
    assert "member since" in opened
    assert "The seat is vacant" not in others
    assert re.search(r">\s*Aba, Nigeria</a>", everywhere)


async def test_the_trail_of_an_event_says_what_was_and_is_now_and_why_on_its_own_clocks(
    cast: Cast, desk: httpx.AsyncClient
) -> None:
    event = await cast.event("SCHEDULED")
    given = {"eventId": event, "reason": "The roof leaks.", "newStartsAt": "2031-04-02T09:00"}
    await cast.secretariat.done("postponeEvent", **given)
    await cast.secretariat.done("cancelEvent", eventId=event, reason="The roof fell.")

    trail = (await desk.get(f"/desk/audit?subject={event}")).text.replace("\N{NO-BREAK SPACE}", " ")

    assert trail.index("The roof fell.") < trail.index("The roof leaks.")
    assert "<del>Mar 16, 2031, 9:00 am" in trail
    assert "<ins>Apr 2, 2031, 9:00 am" in trail
    assert trail.count("Times are Universal Time.") == 1
    assert "Time</time>" not in trail


async def test_what_a_mayor_did_is_not_said_to_be_for_the_mayor(cast: Cast, desk: httpx.AsyncClient) -> None:
    await cast.grant()
    me = (await cast.mayor.ask("{ viewer { account { id name } } }"))["viewer"]["account"]

    trail = (await desk.get(f"/desk/audit?actor={me['id']}&act=inviteDelegate")).text

    assert f">{me['name']}</a>" in trail
    assert 'for <a href="/desk/audit?principal=' not in trail
