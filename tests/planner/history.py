"""A little history for a planted conference: acts of several people, so that there are notices and trails to read."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from models import ids
from rotunda.graphql.service import Caller, Operation
from rotunda.service import House


@dataclass(frozen=True)
class Done:
    """An act: who did it, by which mutation, with what input. The same key again changes nothing."""

    by: str
    mutation: str
    input: Mapping[str, Any]

    def document(self, selection: str = "__typename ... on Problem { message }") -> str:
        """The mutation, selecting this of its outcome."""
        kind = self.mutation[0].upper() + self.mutation[1:]
        kind = {"RescheduleEvent": "RescheduleEvent", "MoveEventOnline": "MoveEvent"}.get(kind, kind)
        return f"mutation ($input: {kind}Input!) {{ it: {self.mutation}(input: $input) {{ {selection} }} }}"


_TEXT = [{"kind": "WHEREAS", "text": "a curb is long;"}, {"kind": "RESOLVED", "text": "that docks be curbs"}]


async def history(db: Any) -> list[Done]:
    """What is done, in order; every state of events and grants is met on the way."""
    first, second, third = await _scheduled(db, "members", 3)
    (public,) = await _scheduled(db, "public", 1)
    draft = ids.shown("res", await db.fetchval("SELECT id FROM resolutions WHERE status = 'draft'"))
    alone = "SELECT id FROM resolutions WHERE status = 'gathering' AND sponsor_count = 1 ORDER BY id LIMIT 1"
    gathering = ids.shown("res", await db.fetchval(alone))
    call = ids.shown("cal", await db.fetchval("SELECT id FROM resolution_calls WHERE due_at > now()"))
    return [
        _done("secretariat", "postponeEvent", eventId=first, reason="The river is over its “banks”\\."),
        _done("secretariat", "rescheduleEvent", eventId=first, startsAt="2031-03-16T09:00"),
        _done("secretariat", "moveEventOnline", eventId=second, reason="Snow."),
        _done("secretariat", "postponeEvent", eventId=third, newStartsAt="2031-05-01T10:00"),
        _done("secretariat", "postponeEvent", eventId=public, reason=None),
        _done(
            "secretariat", "editEvent", eventId=public, title="A better title, with ümlauts and \U0001f3db"
        ),
        _done(
            "mayor",
            "inviteDelegate",
            email="new@people.example",
            scopes=["RSVP", "PROFILE"],
            endsOn="2090-01-31",
        ),
        _done("mayor", "updateProfile", biography="New words."),
        _done("mayor", "createGroup", name="Among few", audience="HIDDEN", confidentiality="CHATHAM_HOUSE"),
        _done(
            "chief of staff", "editResolution", resolutionId=draft, title="A dock is a curb", clauses=_TEXT
        ),
        _done("mayor", "sponsorResolution", resolutionId=gathering, version=1),
        _done(
            "secretariat", "moveDeadline", callId=call, dueAt="2031-05-01T17:00", reason="Elections in May."
        ),
    ]


async def _scheduled(db: Any, audience: str, count: int) -> list[str]:
    found = await db.fetch(
        "SELECT id FROM events WHERE status = 'scheduled' AND starts_at > now() + interval '2 days'"
        " AND audience = $1 ORDER BY id LIMIT $2",
        audience,
        count,
    )
    return [ids.shown("evt", row[0]) for row in found]


async def carried_out(house: House, callers: Mapping[str, Caller], act: Done) -> None:
    """Do it; nothing in a history may be refused."""
    operation = Operation(act.document(), {"input": act.input})
    answer = orjson.loads((await house.answer(operation, callers[act.by])).body)
    assert answer["data"]["it"].keys() == {"__typename"}, answer


def _done(by: str, mutation: str, **input: Any) -> Done:  # GraphQL's name for it
    key = f"history-{mutation}-{input.get('eventId', '')}"
    return Done(by, mutation, {**input, "idempotencyKey": key})
