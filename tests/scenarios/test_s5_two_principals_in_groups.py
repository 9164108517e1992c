"""S5 in groups: acting for one mayor nothing of the other's rooms, marks, mentions or unread is there, or moves."""

from dataclasses import dataclass

import pytest

from tests.living import Caller, Home, shared_home

__all__ = ["shared_home"]

STAFF = "june@groups.example"
A, B = "alexandria-va", "norfolk-va"
EVERYTHING = """query ($group: ID!, $thread: ID!) {
  viewer { unreadCount mentions { totalCount nodes { id } } }
  waiting { unread(first: 100) { nodes { id } } named { nodes { id } } }
  groups(first: 100) { nodes { id unreadCount membership { id } } } group(id: $group) { id name }
  thread(id: $thread) { id unreadCount because posts { nodes { reactions { mine } } } }
  search(text: "okapi") { totalCount edges { excerpt } }
  changes(last: 100) { nodes { __typename ... on GroupNotice { group { id } } } } }"""
BOTHS = """query ($thread: ID!) { thread(id: $thread) { unreadCount because
  posts { nodes { unread canEdit reactions { mine } } } } }"""


@dataclass
class Two:
    """Staff of two mayors, a hidden group of each, and one that both are in."""

    mayors: dict[str, Caller]
    acting: dict[str, Caller]
    groups: dict[str, str]
    threads: dict[str, str]
    both: str


@pytest.fixture(scope="module")
async def two(shared_home: Home) -> Two:
    home = shared_home
    mayors = {slug: await home.caller(f"mayor@{slug}.example") for slug in (A, B)}
    codes, groups, threads = {}, {}, {}
    for slug, mayor in mayors.items():
        await mayor.done("inviteDelegate", email=STAFF, scopes=["READ_GROUP", "POST_AS_OFFICE"])
        codes[slug] = await home.mailed_code(to=STAFF)
        group = await mayor.done(
            "createGroup", name=f"Of {slug}", audience="HIDDEN", confidentiality="ORDINARY"
        )
        thread = await mayor.done(
            "startThread", groupId=group["id"], title="Ours", body="The okapi, @" + slug
        )
        groups[slug], threads[slug] = group["id"], thread["id"]
    staff = await home.caller(STAFF)
    for slug in mayors:
        await staff.done("acceptDelegation", code=codes[slug])
    acting = {slug: staff.acting_for(await staff.capacity_for(slug)) for slug in mayors}
    group = await mayors[A].done(
        "createGroup", name="Of both", audience="MEMBERS", confidentiality="ORDINARY"
    )
    both = await mayors[A].done("startThread", groupId=group["id"], title="Both", body=f"@{B}: how many?")
    return Two(mayors, acting, groups, threads, both["id"])


@pytest.mark.parametrize(("mine", "other"), [(A, B), (B, A)])
async def test_acting_for_one_the_others_room_is_as_if_it_were_not(two: Two, mine: str, other: str) -> None:
    by = two.acting[mine]

    said = await by.response(EVERYTHING, group=two.groups[other], thread=two.threads[other])
    unsaid = await by.response(EVERYTHING, group="grp_" + "0" * 32, thread="thr_" + "0" * 32)

    assert said.content == unsaid.content
    assert two.groups[other] not in said.text
    assert two.groups[mine] in said.text
    assert said.json()["data"]["search"]["totalCount"] == 1


async def test_what_is_read_marked_and_wished_for_one_is_not_so_for_the_other(two: Two) -> None:
    before = await two.acting[B].ask(BOTHS, thread=two.both)
    (post,) = (
        await two.acting[A].ask("query ($t: ID!) { thread(id: $t) { posts { nodes { id } } } }", t=two.both)
    )["thread"]["posts"]["nodes"]

    await two.acting[A].done("markRead", threadId=two.both)
    await two.acting[A].done("heedThread", threadId=two.both, level="FOLLOWED")
    await two.acting[A].done("react", postId=post["id"], mark="AGREE")
    for_a, for_b = [(await two.acting[slug].ask(BOTHS, thread=two.both))["thread"] for slug in (A, B)]

    assert (for_a["unreadCount"], for_a["because"]) == (0, "THREAD_FOLLOWED")
    assert (for_b["unreadCount"], for_b["because"]) == (1, "NAMED")
    assert for_a["posts"]["nodes"][0]["reactions"] == [{"mine": True}]
    assert for_b["posts"]["nodes"][0]["reactions"] == [{"mine": False}]
    assert before["thread"]["unreadCount"] == for_b["unreadCount"]


async def test_marks_made_for_one_are_not_heard_of_while_acting_for_the_other(two: Two) -> None:
    thread = two.threads[A]
    heard_by = "subscription { notices { __typename ... on ThreadRead { thread { id } } ... on PostAdded { cursor } } }"

    async with two.acting[B].listening(heard_by, over="ws") as other:
        await two.acting[A].done("reply", threadId=thread, body="For A alone.")
        await two.mayors[A].done("reply", threadId=thread, body="And again.")
        await two.acting[A].done("markRead", threadId=thread)
        await two.mayors[A].done("reply", threadId=two.both, body="For both.")
        told = await other.notice()

    assert told["__typename"] == "PostAdded"
    assert told["cursor"]


async def test_what_staff_wrote_for_one_they_do_not_touch_while_acting_for_the_other(two: Two) -> None:
    post = await two.acting[A].done("reply", threadId=two.both, body="From the office of A.")

    refused = await two.acting[B].act("editPost", postId=post["id"], body="Mine.")
    deleted = await two.acting[B].act("deletePost", postId=post["id"])
    shown = (await two.acting[B].ask(BOTHS, thread=two.both))["thread"]["posts"]["nodes"][-1]

    assert (refused["__typename"], deleted["__typename"]) == ("Refused", "Refused")
    assert shown["canEdit"] is False


async def test_a_key_used_for_one_says_nothing_to_the_other(two: Two) -> None:
    await two.acting[A].done("reply", threadId=two.threads[A], body="Once.", idempotencyKey="the-same")

    again = await two.acting[B].act("reply", threadId=two.threads[A], body="Once.", idempotencyKey="the-same")

    assert again["__typename"] == "KeyReused"
    assert "thr_" not in again["message"]
