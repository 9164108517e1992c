"""Grants over the real house as they are read: one limited to an event says so everywhere; a long list goes on."""

import re
from datetime import UTC, datetime, timedelta

import httpx

from tests.living import Caller, Home, shared_home, street

__all__ = ["shared_home", "street"]
MAYOR, SECRETARIAT = "mayor@norfolk-va.example", "secretariat@rotunda.example"


async def test_a_delegate_for_one_event_reads_so_wherever_rights_are_told(shared_home: Home) -> None:
    mayor = await shared_home.caller(MAYOR)
    event = (await mayor.ask("{ events(first: 1, status: [SCHEDULED]) { nodes { id title } } }"))["events"][
        "nodes"
    ][0]
    holder, grant = await _granted(mayor, ["PROFILE", "HOST_SESSIONS"], object_id=event["id"])

    why = await _read(holder, "/why")
    profile = await _read(holder, "/cities/norfolk-va/profile", 403)
    lists, own = await _read(mayor, "/delegations"), await _read(mayor, f"/delegations/{grant}")

    assert re.search(rf'for one event only: <a href="/events/{event["id"]}">', why)
    assert "and this reaches beyond it. The mayor can grant it to you anew, without that limit." in why
    assert "but for one event only, and a profile is no event" in profile
    assert "one scope more" not in profile
    assert "Only for the event “" in lists
    assert f'Only for the event <a href="/events/{event["id"]}">' in own
    assert "anything but the one event" in own


async def test_the_secretariat_finds_every_grant_however_many_there_are(shared_home: Home) -> None:
    mayor, secretariat = await shared_home.caller(MAYOR), await shared_home.caller(SECRETARIAT)
    for number in range(101):
        await mayor.done("inviteDelegate", email=f"many{number}@staff.example", scopes=["RSVP"])
    every = await shared_home.value("SELECT count(*) FROM delegations")

    found, path = [], "/delegations"
    while path:
        page = await _read(secretariat, path)
        assert 'hx-sse:connect="/live/delegations?after=' in page
        found += re.findall(r'class="grant-name"> <a href="/delegations/(del_[0-9a-f]+)"', page)
        onward = re.search(r'href="(/delegations\?before=[^"]+)">Older', page)
        path = onward[1] if onward else ""

    assert len(found) == len(set(found)) == every > 100


async def test_what_an_invitation_cannot_be_is_said_at_the_form_and_nothing_is_mailed(
    shared_home: Home,
) -> None:
    mayor = await shared_home.caller(MAYOR)
    before = await shared_home.value("SELECT count(*) FROM delegations")
    cookies = {"rotunda_session": mayor.token or ""}
    async with httpx.AsyncClient(base_url=shared_home.url, cookies=cookies, timeout=20) as client:
        form = dict(
            re.findall(
                r'<input type="hidden" name="([^"]+)" value="([^"]*)"',
                (await client.get("/delegations/invite")).text,
            )
        )
        sent = form | {"scope-RSVP": "on", "step": "look"}
        own = await client.post("/delegations/invite", data=sent | {"email": MAYOR})
        late = await client.post(
            "/delegations/invite", data=sent | {"email": "new@staff.example", "starts_on": "2020-01-01"}
        )
        over = await client.post(
            "/delegations/invite", data=sent | {"email": "new@staff.example", "ends_on": "2020-01-01"}
        )
        fine = await client.post("/delegations/invite", data=sent | {"email": "new@staff.example"})

    assert over.text.count("That day is over.") == 2  # in the summary and at the field
    assert (own.status_code, late.status_code, fine.status_code) == (422, 422, 200)
    assert "This is your own address" in own.text
    assert re.search(r"A grant begins today, \w+ \d+, \d{4}, or later.", late.text)
    assert "Is this right?" in fine.text
    assert await shared_home.value("SELECT count(*) FROM delegations") == before
    assert shared_home.letters(to="new@staff.example") == []


async def test_a_grant_is_not_offered_for_what_was_called_off(shared_home: Home) -> None:
    mayor, secretariat = await shared_home.caller(MAYOR), await shared_home.caller(SECRETARIAT)
    given = {
        "kind": "MEETING",
        "timeZone": "America/New_York",
        "startsAt": f"{datetime.now(UTC).date() + timedelta(days=2)}T09:00",
    }
    kept, dropped = [
        (await secretariat.done("createEvent", title=title, **given))["id"]
        for title in ("A meeting that stays", "A meeting that goes")
    ]
    for event in (kept, dropped):
        await secretariat.done("scheduleEvent", eventId=event)

    before = await _read(mayor, "/delegations/invite")
    await secretariat.done("cancelEvent", eventId=dropped)
    after = await _read(mayor, "/delegations/invite")

    assert f'value="{dropped}"' in before
    assert f'value="{dropped}"' not in after
    assert f'value="{kept}"' in after


async def _granted(mayor: Caller, scopes: list[str], *, object_id: str) -> tuple[Caller, str]:
    home = mayor.place
    assert isinstance(home, Home)
    to = "oneevent@staff.example"
    made = await mayor.done("inviteDelegate", email=to, scopes=scopes, objectId=object_id)
    holder = await home.caller(to)
    await holder.done("acceptDelegation", code=await home.mailed_code(to=to))
    return holder, str(made["id"])


async def _read(caller: Caller, path: str, status: int = 200) -> str:
    cookies = {"rotunda_session": caller.token or ""}
    async with httpx.AsyncClient(base_url=caller.place.url, cookies=cookies, timeout=20) as client:
        answer = await client.get(path)
    assert answer.status_code == status, (path, answer.status_code)
    return re.sub(r"\s+", " ", answer.text)
