"""A form of the desk that is refused for want of a right leads to where rights are explained, at that very act."""

from typing import Any

import pytest
from starlette.requests import Request

from portal.assets import Assets
from portal.pages.desk.people import APPOINTING, DISMISSING, ENDING, OPENING, Doing, _stepped
from portal.pages.desk.together import Result, _event
from portal.pages.events.typed import Form
from portal.pages.events.verbs import VERBS
from portal.rooms import House, templates
from portal.sessions import Cookies
from tests.portal.conftest import HERE

DATA = {"viewer": {"capacity": {"id": "cap_1"}}}
SENT = {
    "acting": "cap_1",
    "step": "do",
    "name": "Ada",
    "email": "ada@x.example",
    "starts_on": "2031-01-01",
    "on": "2031-01-01",
}


class Refusing:
    """An API that refuses whatever it is asked, or finds it is the wrong moment."""

    def __init__(self, kind: str) -> None:
        self.kind = kind

    async def run(self, *_: Any) -> dict[str, Any]:
        return {"data": {"outcome": {"__typename": self.kind, "message": "Write to them."}}}


def house(kind: str) -> House:
    assets = Assets()
    api: Any = Refusing(kind)
    door: Any = None
    return House(api, door, Cookies(HERE), assets, None, templates(assets))


@pytest.mark.parametrize("doing", [OPENING, ENDING, APPOINTING, DISMISSING], ids=lambda doing: doing.act)
@pytest.mark.parametrize(("kind", "leads"), [("Refused", True), ("WrongMoment", False)])
async def test_a_refused_form_leads_to_why_and_a_wrong_moment_does_not(
    *, doing: Doing, kind: str, leads: bool
) -> None:
    there, form = house(kind), Form(dict(SENT))
    request = Request({"type": "http", "headers": []})

    step = await _stepped(there, request, DATA, form, doing, dict)

    slips = there.templates.get_template("events/_slips.html").render(form=form)
    assert step == ""
    assert "Write to them." in slips
    assert (f'href="/why#{doing.act}"' in slips) is leads


def test_an_event_that_was_refused_among_many_leads_to_why() -> None:
    request = Request({"type": "http", "headers": [], "path": "/desk/events/together", "method": "POST"})
    refused = Result({"id": "evt_1", "title": "A meeting"}, "Only its host can move it.", "cancelEvent")

    told = _event(house("Refused"), request, VERBS["CANCEL"], [refused], 1).decode()

    assert "Only its host can move it." in told
    assert 'href="/why#cancelEvent"' in told
