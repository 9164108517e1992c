"""Acts upon groups, threads, posts and marks, each by those who may and those who may not."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.living import Caller, Home

STAFF = "chief@discussions.example"
ALL_SCOPES = [
    "PROFILE", "RSVP", "REGISTER", "DRAFT_RESOLUTION", "SPONSOR", "SIGN_LETTER", "POST_AS_OFFICE",
    "READ_GROUP", "COMMITTEE_PREFERENCES", "HOST_SESSIONS",
]  # fmt: skip
THREAD = """query ($id: ID!) { thread(id: $id) { id title postCount unreadCount lastNumber because
  pinned locked resolved firstUnread { number } lastPost { number } canKeep canResolve
  posts(first: 100) { nodes { id number body bodyHtml deleted hidden hiddenBecause unread
    canEdit canDelete canKeep
    author { name byline forOffice } reactions { mark count mine } versions { bodyHtml } } } } }"""
GROUP = """query ($id: ID!) { group(id: $id) { id name entered canKeep unreadCount postCount threadCount
  membership { status keeper }
  members { totalCount nodes { name keeper status } }
  reports { nodes { id words reason status } } } }"""
UNREAD = "{ viewer { unreadCount } }"


@dataclass
class Room:
    """A group, its thread, and everybody around it."""

    home: Home
    ada: Caller
    ben: Caller
    staff: Caller
    office: Caller
    secretariat: Caller
    visitor: Caller
    group: dict[str, Any] = field(default_factory=dict)
    thread: dict[str, Any] = field(default_factory=dict)

    async def founded(
        self, audience: str = "MEMBERS", confidentiality: str = "ORDINARY", **given: Any
    ) -> "Room":
        self.group = await self.ada.done(
            "createGroup", name="Buses", audience=audience, confidentiality=confidentiality, **given
        )
        self.thread = await self.ada.done(
            "startThread", groupId=self.group["id"], title="Fares", body="What do you charge?"
        )
        return self

    async def read(self, by: Caller) -> dict[str, Any]:
        found: dict[str, Any] = (await by.ask(THREAD, id=self.thread["id"]))["thread"]
        return found

    async def reply(self, by: Caller, body: str = "Nothing.") -> dict[str, Any]:
        return await by.done("reply", threadId=self.thread["id"], body=body)


@pytest.fixture(scope="module")
async def people(shared_home: Home) -> Room:
    home = shared_home
    ada, ben = [await home.caller(f"mayor@{slug}.example") for slug in ("alexandria-va", "norfolk-va")]
    await ada.done("inviteDelegate", email=STAFF, scopes=ALL_SCOPES)
    code = await home.mailed_code(to=STAFF)
    staff = await home.caller(STAFF)
    await staff.done("acceptDelegation", code=code)
    office = staff.acting_for(await staff.capacity_for("alexandria-va"))
    secretariat = await home.caller("secretariat@rotunda.example")
    return Room(home, ada, ben, staff, office, secretariat, await home.caller())


@pytest.fixture
async def room(people: Room) -> Room:
    return await replace(people).founded()


async def test_a_post_is_edited_by_its_author_alone_and_keeps_how_it_read(room: Room) -> None:
    post = await room.reply(room.ben, "Nothing at *all*.")

    refused = await room.ada.act("editPost", postId=post["id"], body="Mine now.")
    await room.ben.done("editPost", postId=post["id"], body="Nothing since 2020.")

    assert refused["__typename"] == "Refused"
    shown = (await room.read(room.ada))["posts"]["nodes"][1]
    assert shown["body"] == "Nothing since 2020."
    assert [v["bodyHtml"] for v in shown["versions"]] == ["<p>Nothing at <em>all</em>.</p>\n"]
    assert (shown["canEdit"], shown["canDelete"], shown["canKeep"]) == (False, False, True)


async def test_a_deleted_post_leaves_a_stub_and_counts_no_more(room: Room) -> None:
    post = await room.reply(room.ben)
    await room.ada.done("markRead", threadId=room.thread["id"])
    await room.reply(room.ben, "And gladly.")

    await room.ben.done("deletePost", postId=post["id"])

    thread = await room.read(room.ada)
    assert (thread["postCount"], thread["unreadCount"], thread["lastNumber"]) == (2, 1, 3)
    stub = thread["posts"]["nodes"][1]
    assert (stub["deleted"], stub["body"], stub["bodyHtml"], stub["versions"]) == (True, None, None, [])
    assert thread["firstUnread"] == {"number": 3}
    assert (await room.ben.act("editPost", postId=post["id"], body="x"))["__typename"] == "WrongMoment"


async def test_unread_is_one_number_wherever_it_is_read(room: Room) -> None:
    for body in ("One.", "Two.", "Three."):
        await room.reply(room.ada, body)
    before = (await room.ben.ask(UNREAD))["viewer"]["unreadCount"]

    await room.ben.done("markRead", threadId=room.thread["id"], through=3)
    second = (await room.read(room.ben))["posts"]["nodes"][1]
    await room.ben.done("keepUnread", postId=second["id"])

    thread = await room.read(room.ben)
    assert thread["unreadCount"] == 2
    assert [p["number"] for p in thread["posts"]["nodes"] if p["unread"]] == [2, 4]
    assert thread["firstUnread"] == {"number": 2}
    assert (await room.ben.ask(GROUP, id=room.group["id"]))["group"]["unreadCount"] == 2
    assert (await room.ben.ask(UNREAD))["viewer"]["unreadCount"] == before - 2
    await room.ben.done("markGroupRead", groupId=room.group["id"])
    assert (await room.read(room.ben))["unreadCount"] == 0
    assert (await room.ben.ask(UNREAD))["viewer"]["unreadCount"] == before - 4


async def test_what_is_muted_is_not_counted_and_says_why(room: Room) -> None:
    counted = (await room.ben.ask(UNREAD))["viewer"]["unreadCount"]

    await room.ben.done("heedThread", threadId=room.thread["id"], level="MUTED")
    muted = await room.read(room.ben)
    await room.ben.done("heedGroup", groupId=room.group["id"], level="FOLLOWED")
    still = await room.read(room.ben)
    await room.ben.done("heedThread", threadId=room.thread["id"])
    followed = await room.read(room.ben)

    assert (muted["because"], still["because"], followed["because"]) == (
        "THREAD_MUTED", "THREAD_MUTED", "GROUP_FOLLOWED",
    )  # fmt: skip
    assert muted["unreadCount"] == 1, "it still says what is unread of itself"
    await room.ben.done("heedGroup", groupId=room.group["id"], level="MUTED", until="2099-01-01T00:00:00Z")
    assert (await room.read(room.ben))["because"] == "GROUP_MUTED"
    assert (await room.ben.ask(UNREAD))["viewer"]["unreadCount"] == counted - 1


async def test_keepers_pin_lock_and_resolve_and_nothing_is_bumped(room: Room) -> None:
    other = await room.ada.done("startThread", groupId=room.group["id"], title="Stops", body="How far apart?")
    await room.ben.done("markGroupRead", groupId=room.group["id"])

    assert (await room.ben.act("lockThread", threadId=room.thread["id"], locked=True))[
        "__typename"
    ] == "Refused"
    await room.ada.done("lockThread", threadId=room.thread["id"], locked=True)
    await room.ada.done("resolveThread", threadId=room.thread["id"], resolved=True)
    order = "query ($id: ID!) { group(id: $id) { unreadCount threads { nodes { id } } } }"
    resolved = (await room.ben.ask(order, id=room.group["id"]))["group"]
    await room.ada.done("pinThread", threadId=room.thread["id"], pinned=True)
    pinned = (await room.ben.ask(order, id=room.group["id"]))["group"]

    assert [t["id"] for t in resolved["threads"]["nodes"]] == [other["id"], room.thread["id"]]
    assert [t["id"] for t in pinned["threads"]["nodes"]] == [room.thread["id"], other["id"]]
    assert pinned["unreadCount"] == 0
    locked = await room.ben.act("reply", threadId=room.thread["id"], body="Too late?")
    assert locked["__typename"] == "WrongMoment"
    assert (await room.ada.act("lockThread", threadId=room.thread["id"], locked=True))[
        "__typename"
    ] == "WrongMoment"


async def test_a_reported_post_is_hidden_with_its_reason_and_can_stand_again(room: Room) -> None:
    post = await room.reply(room.ben, "Rubbish.")

    await room.secretariat.done("reportPost", postId=post["id"], reason="Unkind.")
    kept = (await room.ada.ask(GROUP, id=room.group["id"]))["group"]["reports"]["nodes"]
    unseen = (await room.ben.ask(GROUP, id=room.group["id"]))["group"]["reports"]["nodes"]
    await room.ada.done("hidePost", postId=post["id"], reason="Say it kindly.")

    assert [(r["words"], r["reason"], r["status"]) for r in kept] == [("Rubbish.", "Unkind.", "OPEN")]
    assert unseen == []
    hidden = (await room.read(room.ben))["posts"]["nodes"][1]
    assert (hidden["hidden"], hidden["hiddenBecause"], hidden["body"]) == (True, "Say it kindly.", None)
    settled = (await room.ada.ask(GROUP, id=room.group["id"]))["group"]["reports"]["nodes"]
    assert [r["status"] for r in settled] == ["HIDDEN"]
    await room.ada.done("showPost", postId=post["id"])
    assert (await room.read(room.ben))["posts"]["nodes"][1]["body"] == "Rubbish."


async def test_a_mark_counts_once_from_a_mayor_and_the_mayors_office(room: Room) -> None:
    post = await room.reply(room.ben)

    await room.ada.done("react", postId=post["id"], mark="AGREE")
    await room.office.done("react", postId=post["id"], mark="AGREE")
    await room.ben.done("react", postId=post["id"], mark="AGREE")

    assert (await room.read(room.office))["posts"]["nodes"][1]["reactions"] == [
        {"mark": "AGREE", "count": 2, "mine": True}
    ]
    await room.ben.done("unreact", postId=post["id"], mark="AGREE")
    assert (await room.read(room.ben))["posts"]["nodes"][1]["reactions"] == [
        {"mark": "AGREE", "count": 1, "mine": False}
    ]


async def test_an_office_posts_where_it_may_and_says_for_whom(room: Room) -> None:
    await room.reply(room.office, "From the office.")

    author = (await room.read(room.ben))["posts"]["nodes"][1]["author"]
    assert author["forOffice"] is True
    assert ", for Mayor " in author["byline"]
    await room.ada.done("editGroup", groupId=room.group["id"], officesPost=False)
    refused = await room.office.act("reply", threadId=room.thread["id"], body="Again.")
    assert "in person" in refused["message"]


async def test_a_mayors_only_group_is_to_every_delegate_as_one_that_does_not_exist(people: Room) -> None:
    room = await replace(people).founded(confidentiality="MAYORS_ONLY")
    nowhere = {"group": "grp_" + "0" * 32, "thread": "thr_" + "0" * 32}

    for asked, real, none in (
        (GROUP, room.group["id"], nowhere["group"]),
        (THREAD, room.thread["id"], nowhere["thread"]),
    ):
        seen = await room.office.response(asked, id=real)
        unseen = await room.office.response(asked, id=none)
        assert seen.content == unseen.content
    one = await room.office.act("reply", threadId=room.thread["id"], body="Hello?")
    other = await room.office.act("reply", threadId=nowhere["thread"], body="Hello?")
    assert one == other
    assert (await room.read(room.ben))["title"] == "Fares"


async def test_chatham_house_names_are_for_those_who_joined_in_person(people: Room) -> None:
    room = await replace(people).founded(confidentiality="CHATHAM_HOUSE")

    unjoined = await room.read(room.ben)
    reply = await room.ben.act("reply", threadId=room.thread["id"], body="I say …")
    unaccepted = await room.ben.act("joinGroup", groupId=room.group["id"], acceptsRule=False)
    await room.ben.done("joinGroup", groupId=room.group["id"], acceptsRule=True)
    joined = await room.read(room.ben)
    office = await room.read(room.office)

    assert unjoined["posts"]["nodes"][0]["author"] is None
    assert "Join it first" in reply["message"]
    assert unaccepted["__typename"] == "Invalid"
    assert joined["posts"]["nodes"][0]["author"]["name"]
    assert office["posts"]["nodes"][0]["author"] is None


async def test_a_hidden_group_opens_by_invitation(people: Room) -> None:
    room = await replace(people).founded(audience="HIDDEN")
    ben_id = (await room.ben.ask("{ viewer { capacity { principal { id } } } }"))["viewer"]["capacity"][
        "principal"
    ]["id"]
    unknown = (await room.ben.ask(GROUP, id=room.group["id"]))["group"]

    await room.ada.done("inviteToGroup", groupId=room.group["id"], mayorIds=[ben_id])
    invited = (await room.ben.ask(GROUP, id=room.group["id"]))["group"]
    closed = (await room.ben.ask(THREAD, id=room.thread["id"]))["thread"]
    await room.ben.done("joinGroup", groupId=room.group["id"])
    inside = (await room.ben.ask(THREAD, id=room.thread["id"]))["thread"]

    assert unknown is None
    assert (invited["entered"], invited["membership"]["status"], invited["postCount"]) == (
        False,
        "INVITED",
        None,
    )
    assert closed is None
    assert inside["title"] == "Fares"
    await room.ada.done("removeFromGroup", groupId=room.group["id"], mayorId=ben_id)
    assert (await room.ben.ask(THREAD, id=room.thread["id"]))["thread"] is None
    assert (await room.ada.act("leaveGroup", groupId=room.group["id"]))["__typename"] == "WrongMoment", (
        "the last keeper"
    )


async def test_a_keeper_who_has_left_office_keeps_nothing_and_the_last_in_office_hands_over_first(
    people: Room,
) -> None:
    room = await replace(people).founded(audience="HIDDEN")
    leaver = await room.home.caller("mayor@richmond-va.example")
    ids = [
        (await by.ask("{ viewer { capacity { principal { id } } } }"))["viewer"]["capacity"]["principal"][
            "id"
        ]
        for by in (leaver, room.ben)
    ]
    await room.ada.done("inviteToGroup", groupId=room.group["id"], mayorIds=ids)
    for by in (leaver, room.ben):
        await by.done("joinGroup", groupId=room.group["id"])
    await room.ada.done("inviteToGroup", groupId=room.group["id"], mayorIds=ids[:1], keeper=True)
    yesterday = datetime.now(UTC).date() - timedelta(days=1)
    await room.secretariat.done("endTerm", mayorId=ids[0], on=str(yesterday))

    alone = await room.ada.act("leaveGroup", groupId=room.group["id"])
    await room.ada.done("inviteToGroup", groupId=room.group["id"], mayorIds=ids[1:], keeper=True)
    handed_over = await room.ada.act("leaveGroup", groupId=room.group["id"])

    assert alone["__typename"] == "WrongMoment"
    assert handed_over["__typename"] != "WrongMoment"
    assert (await room.ben.ask(GROUP, id=room.group["id"]))["group"]["canKeep"]
