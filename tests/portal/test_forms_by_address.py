"""A form's own address, opened in a browser: the page it stands on, never "Method Not Allowed"."""

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Mount, Route

ABOVE = {
    "/account/tokens": "/account",
    "/account/sessions/end": "/account",
    "/account/sign-out-everywhere": "/account",
    "/delegations/del_1/accept": "/delegations/del_1",
    "/seen": "/",
    "/act-for": "/",
}


@pytest.mark.parametrize("address", ABOVE)
async def test_opening_a_forms_address_leads_to_the_page_above_it(
    staff: httpx.AsyncClient, address: str
) -> None:
    answer = await staff.get(address)

    assert (answer.status_code, answer.headers["location"]) == (303, ABOVE[address])


async def test_every_address_that_takes_forms_alone_leads_to_a_page(
    staff: httpx.AsyncClient, portal: Starlette
) -> None:
    (mount,) = portal.routes
    assert isinstance(mount, Mount)
    forms = [r.path for r in mount.routes if isinstance(r, Route) and "GET" not in (r.methods or {"GET"})]

    answers = [await staff.get(path.replace("{id}", "x").replace("{what}", "tokens")) for path in forms]

    assert len(forms) > 5
    assert {answer.status_code for answer in answers} == {303}
    assert all(answer.headers["location"].count("/") <= 2 for answer in answers)


async def test_sending_a_form_to_a_page_that_takes_none_is_still_refused(staff: httpx.AsyncClient) -> None:
    assert (await staff.post("/calendar", data={"x": "y"})).status_code == 405
