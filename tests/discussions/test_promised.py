"""The documents the issue promises, word for word, run by their real roles."""

import asyncio
import re
import secrets
from pathlib import Path
from typing import Any

from tests.living import Caller, Home

#: The issue's own documents, by the name of their first field.
PROMISED = {
    re.findall(r"{ *(\w+)", document)[0]: document
    for document in (Path(__file__).parent / "promised.graphql").read_text().splitlines()
    if document and not document.startswith("#")
}


async def act(caller: Caller, document: str, **given: Any) -> dict[str, Any]:
    (outcome,) = (
        await caller.ask(document, input={"idempotencyKey": secrets.token_hex(8), **given})
    ).values()
    found: dict[str, Any] = outcome
    return found


async def test_a_thread_grows_between_two_mayors(shared_home: Home) -> None:
    ada = await shared_home.caller("mayor@alexandria-va.example")
    ben = await shared_home.caller("mayor@norfolk-va.example")

    group = await act(
        ada, PROMISED["createGroup"], name="Buses", audience="MEMBERS", confidentiality="ORDINARY"
    )
    thread = await act(
        ada,
        PROMISED["startThread"],
        groupId=group["id"],
        title="Fares",
        body="What do **you** charge, @norfolk-va?",
    )
    assert thread["title"] == "Fares", thread
    before = (await ben.ask(PROMISED["groups"]))["groups"]
    (mine,) = [e["node"] for e in before["edges"] if e["node"]["id"] == group["id"]]
    assert mine["unreadCount"] == 1
    assert mine["threads"]["edges"][0]["node"]["unreadCount"] == 1
    assert mine["threads"]["edges"][0]["node"]["lastPost"]["author"]["name"]

    async with ada.listening(PROMISED["postAdded"], thread=thread["id"]) as heard:
        await asyncio.sleep(0.2)
        post = await act(ben, PROMISED["reply"], threadId=thread["id"], body="Nothing.")
        assert post["__typename"] == "Post", post
        notice = await heard.notice()
    assert notice["post"]["id"] == post["id"]
    assert notice["post"]["author"] == post["author"]
    again = (await ben.ask(PROMISED["groups"]))["groups"]["edges"]
    assert [e["node"]["unreadCount"] for e in again if e["node"]["id"] == group["id"]] == [1], (
        "one's own post is read"
    )
