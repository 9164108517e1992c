"""M2: among mayors alone, under the Chatham House Rule: staff with every scope find nothing and see no count of it."""

from typing import Any

import orjson
import pytest

from tests.living import Caller, Home, shared_home

__all__ = ["shared_home"]

STAFF = "chief@confidence.example"
SCOPES = [
    "PROFILE", "RSVP", "REGISTER", "DRAFT_RESOLUTION", "SPONSOR", "SIGN_LETTER", "POST_AS_OFFICE",
    "READ_GROUP", "COMMITTEE_PREFERENCES", "HOST_SESSIONS",
]  # fmt: skip
COUNTS = """query ($word: String!) { viewer { unreadCount mentions { totalCount } }
  groups { totalCount nodes { id } } search(text: $word) { totalCount edges { excerpt node { id } } }
  waiting { unread { totalCount } named { totalCount } reports { totalCount } } changes { totalCount } }"""
THREAD = """query ($id: ID!) { thread(id: $id) { unreadCount because
  posts { nodes { bodyHtml author { byline } } } } }"""
NOTICES = """subscription { notices { __typename ... on PostAdded { actor { id } principal { id }
  post { bodyHtml author { byline } } } ... on ProfileUpdated { mayor { id } } } }"""


@pytest.fixture(scope="module")
async def people(shared_home: Home) -> dict[str, Caller]:
    home = shared_home
    ada, ben = [await home.caller(f"mayor@{slug}.example") for slug in ("alexandria-va", "norfolk-va")]
    await ada.done("inviteDelegate", email=STAFF, scopes=SCOPES)
    code = await home.mailed_code(to=STAFF)
    staff = await home.caller(STAFF)
    await staff.done("acceptDelegation", code=code)
    office = staff.acting_for(await staff.capacity_for("alexandria-va"))
    return {"ada": ada, "ben": ben, "office": office}


async def test_a_reply_among_mayors_reaches_mayors_and_nobody_else(people: dict[str, Caller]) -> None:
    ada, ben, office = people["ada"], people["ben"], people["office"]
    before = (await office.response(COUNTS, word="axolotl")).content

    group = await ada.done(
        "createGroup", name="Frankly", audience="MEMBERS", confidentiality="MAYORS_ONLY_CHATHAM_HOUSE"
    )
    thread = await ada.done("startThread", groupId=group["id"], title="The axolotl", body="What of it?")
    unaccepted = await ben.act("joinGroup", groupId=group["id"])
    await ben.done("joinGroup", groupId=group["id"], acceptsRule=True)
    async with ada.listening(NOTICES) as mayors, office.listening(NOTICES) as staff:
        await ada.done("markRead", threadId=thread["id"])
        await ben.done("reply", threadId=thread["id"], body="@alexandria-va: the axolotl stays.")
        told = await mayors.notice()
        while told["__typename"] != "PostAdded":
            told = await mayors.notice()
        await ada.done("updateProfile", biography="Something everybody hears of, at the end.")
        heard = await staff.notice()

    assert unaccepted["__typename"] == "Invalid"
    assert "Chatham House" in unaccepted["message"] + str(unaccepted["fields"])
    assert told["post"]["author"]["byline"].startswith("Mayor ")
    assert (told["actor"], told["principal"]) == (None, None), "the log itself does not know by whom"
    assert heard["__typename"] == "ProfileUpdated"
    read = (await ada.ask(THREAD, id=thread["id"]))["thread"]
    assert (read["unreadCount"], read["because"]) == (1, "NAMED")
    assert '<a class="mention" href="/cities/alexandria-va"' in str(read)
    after: Any = (await office.ask(COUNTS, word="axolotl")) | {"changes": None}
    assert after == _data(before) | {"changes": None}
    assert (await office.ask(THREAD, id=thread["id"]))["thread"] is None


async def test_what_staff_may_do_there_is_what_may_be_done_to_nothing(people: dict[str, Caller]) -> None:
    ada, office = people["ada"], people["office"]
    group = await ada.done("createGroup", name="Ours", audience="HIDDEN", confidentiality="MAYORS_ONLY")
    thread = await ada.done("startThread", groupId=group["id"], title="Ours", body="Alone.")

    for act, given, none in (
        (
            "reply",
            {"threadId": thread["id"], "body": "Hello?"},
            {"threadId": "thr_" + "0" * 32, "body": "Hello?"},
        ),
        ("joinGroup", {"groupId": group["id"]}, {"groupId": "grp_" + "0" * 32}),
    ):
        outcome = await office.act(act, **given)
        assert outcome == await office.act(act, **none)
        assert outcome["__typename"] == "Missing"


def _data(body: bytes) -> dict[str, Any]:
    found: dict[str, Any] = orjson.loads(body)["data"]
    return found
