"""The examples that GraphiQL offers run as they stand, each as the one it is meant for."""

import json
from pathlib import Path
from typing import Any

import pytest
from graphql import OperationType, build_schema, parse, validate

from portal.pages.api.examples import Example, examples
from tests.acts.making import Cast
from tests.living import ROOT, Caller

ALL = [one for of in examples().values() for one in of]


def test_every_promised_document_is_among_them() -> None:
    fields = {
        selection.name.value
        for one in ALL
        for selection in parse(one.query).definitions[0].selection_set.selections  # type: ignore[attr-defined]  # operations all
    }

    promised = {
        "viewer",
        "cities",
        "event",
        "events",
        "delegations",
        "node",
        "head",
        "eventPostponed",
        "notices",
    }
    acts = {"postponeEvent", "rescheduleEvent", "inviteDelegate", "revokeDelegation", "acceptDelegation"}
    assert fields >= promised | acts


@pytest.mark.parametrize("example", ALL, ids=lambda one: one.name)
def test_an_example_is_named_valid_and_narrow_enough_to_read(example: Example) -> None:
    schema = build_schema(Path(ROOT / "schema" / "schema.graphql").read_text())
    document = parse(example.query)

    assert validate(schema, document) == []
    assert [d.name for d in document.definitions] != [None]  # type: ignore[attr-defined]  # operations all
    assert max(map(len, example.query.splitlines())) <= 80
    assert "token" not in example.variables.lower()


@pytest.mark.parametrize("example", ALL, ids=lambda one: one.name)
async def test_an_example_runs_as_the_one_it_is_meant_for(cast: Cast, example: Example) -> None:
    caller, pasted = await _prepared(cast, example)
    variables = json.loads(_filled(example.variables, pasted) or "{}")

    if parse(example.query).definitions[0].operation is OperationType.SUBSCRIPTION:  # type: ignore[attr-defined]
        await _hears_something(cast, caller, example)
        return
    data = await caller.ask(example.query, **variables)

    assert all(value is not None for value in data.values()), data
    problems = [value for value in data.values() if isinstance(value, dict) and "message" in value]
    assert problems == []


async def _prepared(cast: Cast, example: Example) -> tuple[Caller, str]:  # noqa: PLR0911 - one for each kind
    """Who sends it, and the id, code or cursor that it asks to paste."""
    match example.name:
        case "mayor/mark-as-seen":
            return cast.mayor, await cast.mayor.head()
        case "mayor/revoke-a-delegation":
            return cast.mayor, (await cast.grant())[1]
        case "staff/accept-a-delegation":
            invited, _, code = await cast.invitation()
            return invited, code
        case "host/postpone-an-event":
            host = await cast.home.caller("host@water.example")
            made = await host.done("createEvent", title="A session", kind="COMMUNITY_SESSION", timeZone="UTC")
            await host.done("scheduleEvent", eventId=made["id"], startsAt="2031-03-16T12:00")
            return host, str(made["id"])
        case "host/event" | "program/node" | "secretariat/postpone-an-event":
            return cast.secretariat, await cast.event("SCHEDULED")
        case "secretariat/reschedule-an-event":
            return cast.secretariat, await cast.event("POSTPONED")
        case "mayor/found-a-group" | "mayor/start-a-thread" | "staff/reply":
            return cast.mayor, (await _talk(cast))[example.name]
    persona = example.name.partition("/")[0]
    return cast.mayor if persona == "mayor" else cast.secretariat, ""


async def _talk(cast: Cast) -> dict[str, str]:
    """What each example about groups is to be pasted."""
    group = await cast.mayor.done("createGroup", name="Leaks", audience="MEMBERS", confidentiality="ORDINARY")
    thread = await cast.mayor.done("startThread", groupId=group["id"], title="Leaks", body="Who pays?")
    return {
        "mayor/found-a-group": "another",
        "mayor/start-a-thread": group["id"],
        "staff/reply": thread["id"],
    }


def _filled(variables: str, pasted: str) -> str:
    def filled(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: filled(one) for name, one in value.items()}
        return pasted if isinstance(value, str) and value.startswith("paste ") else value

    return (
        json.dumps(filled(json.loads(variables))).replace("a new key", f"key-{pasted}") if variables else ""
    )


async def _hears_something(cast: Cast, caller: Caller, example: Example) -> None:
    after = await caller.head()
    async with caller.listening(example.query, after=after) as heard:
        await cast.event("POSTPONED")
        await cast.secretariat.done(
            "callForResolutions", name="95th", dueAt="2090-05-01T17:00", timeZone="UTC"
        )
        assert (await heard.notice())["cursor"] != after
