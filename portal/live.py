"""A page that keeps itself fresh: on each notice its document runs again, and the changed block is sent."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import aclosing, suppress
from dataclasses import dataclass, field
from typing import Any, Protocol

from markupsafe import escape
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from portal.documents import document
from portal.rooms import REFUSALS, Busy, House, MissingThing, PageBroke

# Twenty changes in a breath are shown once; a tenth of a second is too short for anyone to notice.
SETTLING = 0.1
# What is said of a notice, by its kind and what it is about: an event's title, a mayor's name and city.
SENTENCES = {
    "EventAnnounced": "{title} has a date to save.",
    "EventScheduled": "{title} is on the calendar.",
    "EventPostponed": "{title} was postponed.",
    "EventRescheduled": "{title} has a new date.",
    "EventMovedOnline": "{title} moved online.",
    "EventCancelled": "{title} was cancelled.",
    "EventEdited": "{title} reads differently now.",
    "EventHeld": "{title} has taken place.",
    "TermOpened": "{mayor} took office in {city}.",
    "TermEnded": "The term of {mayor} in {city} has an end now.",
    "ProfileUpdated": "The profile of {mayor}, {city}, reads differently now.",
    "GroupFounded": "There is a new group: {group}.",
    "GroupEdited": "{group} reads differently now.",
    "GroupInvitation": "You are invited into {group}.",
    "GroupJoined": "You are in {group} now.",
    "GroupLeft": "You are no longer in {group}.",
    "ThreadStarted": "A thread was started: {thread}.",
    "PostReported": "A post was reported to you.",
    "ReportSettled": "A report is settled.",
    "CallOpened": "Resolutions are called for: {call}.",
    "DeadlineMoved": "The deadline of {call} was moved.",
    "ResolutionDrafted": "A draft was begun: {resolution}.",
    "ResolutionEdited": "{resolution} reads differently now.",
    "ResolutionOpened": "{resolution} is open for sponsors.",
    "SponsorJoined": "{sponsor} sponsors {resolution}.",
    "SponsorWithdrew": "{sponsor} no longer sponsors {resolution}.",
    "ResolutionSubmitted": "{resolution} was submitted.",
    "ResolutionReturned": "{resolution} is gathering sponsors again.",
    "ResolutionWithdrawn": "{resolution} was withdrawn.",
    "SecretariatJoined": "{account} belongs to the secretariat now.",
    "SecretariatLeft": "{account} no longer belongs to the secretariat.",
    "SessionBegun": "Somebody signed in with your account: your account page says where.",
    "SessionEnded": "A device was signed out of your account.",
    "TokenMade": "An API token was made for your account.",
    "TokenEnded": "An API token of yours has ended.",
    "PasskeyAdded": "A passkey was added to your account.",
    "PasskeyRemoved": "A passkey was removed from your account.",
}
OTHERWISE = "The calendar has changed."
ENDED = "This page no longer keeps itself up to date."
# What to do next, by the reason why a stream has ended: where to, and what the link says.
ONWARD = {
    "DELEGATION_REVOKED": ("/", "Go on as yourself"),
    "DELEGATION_LEFT": ("/", "Go on as yourself"),
    "TERM_ENDED": ("/", "Go on as yourself"),
    "RIGHTS_CHANGED": ("/", "Go on from Home"),
    "EXPIRED": ("/", "Go on from Home"),
    "SIGNED_OUT": ("/sign-in", "Sign in again"),
}
NOT_YOURS = "This can no longer be shown to you. Load the page again to see what you may see."
# Closed without a word, a page comes back by itself to where it was; htmx heeds how long to wait in an event alone.
LATER = b"event: busy\nretry: 5000\ndata: busy\n\n"

Node = Mapping[str, Any]


def _always(_notice: Node) -> bool:
    return True


def every(_notice: Node, _block: str) -> bool:
    """Say whatever has changed, shown or not."""
    return True


def shown_in(notice: Node, block: str) -> bool:
    """Whether what a notice is about stands in a block: a list that is narrowed says nothing of all the rest."""
    mayor = notice.get("mayor") or {}
    event, city = notice.get("event"), mayor.get("city")
    place = f"/events/{event['id']}" if event else f"/cities/{city['slug']}" if city else ""
    return f'href="{place}"' in block if place else True


class Growing(Protocol):
    """A page as somebody has it open, which can show what a notice tells without being read again.

    A thousand may have a page open: reading it again for each is a thousand statements, and what a notice tells
    is read once for all who are alike. One is made for each stream.
    """

    def grown(self, house: House, news: Sequence[Node]) -> str | None:
        """The partials that bring the page up to date, or None: only reading it again can do that."""

    def read_again(self, data: Node) -> None:
        """Take note of what the page shows now."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What is kept fresh: a page, the block of its template to replace, and its document's variables.

    ``arranged`` makes of the data what the template needs beside it, and may find that it is not to be shown;
    ``beside`` are further blocks by the id of what each fills, so that forms between them are left alone.
    """

    page: str
    block: str
    variables: Mapping[str, Any]
    extra: Mapping[str, Any] = field(default_factory=dict)
    narrowed: Mapping[str, Any] = field(default_factory=dict)  # variables of its stream
    otherwise: str = OTHERWISE  # what to say of a notice that has no sentence
    layout: str = ""  # the template that the page extends, where the block is that one's
    beside: Mapping[str, str] = field(default_factory=dict)
    arranged: Callable[[Node], Node] = dict
    heeds: Callable[[Node], bool] = _always  # whether a notice concerns the page at all
    says: Callable[[Node, str], bool] = every  # whether to say it, when this is what the page shows
    growing: Growing | None = None
    passing: bool = False  # whether what is said goes away by itself: where there is always something new


def live(house: House, request: Request, subject: Subject) -> Response:
    """A stream of server-sent events for htmx; it begins after `?after=`, or where a lost stream left off."""
    after = request.headers.get("last-event-id") or request.query_params.get("after") or None
    path = request.url.path.removeprefix("/live")
    return EventStream(_messages(house, subject, house.cookies.token(request), after=after, path=path))


class EventStream(Response):
    """Sends until the source ends or the browser leaves, and then closes the source at once."""

    def __init__(self, source: AsyncIterator[bytes]) -> None:
        super().__init__(media_type="text/event-stream")
        self.headers["cache-control"] = "no-store"
        self.headers["x-accel-buffering"] = "no"  # nginx would hold events back
        del self.headers["content-length"]
        self._source = source

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 -- ASGI's shape
        """Race the source against the browser's leaving."""
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        sending = asyncio.ensure_future(self._send_all(send))
        leaving = asyncio.ensure_future(_left(receive))
        try:
            await asyncio.wait({sending, leaving}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (sending, leaving):
                task.cancel()
            with suppress(asyncio.CancelledError, OSError):
                await sending

    async def _send_all(self, send: Send) -> None:
        async with aclosing(self._source) as source:  # type: ignore[type-var]  # an async generator, always
            async for piece in source:
                await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _messages(
    house: House, subject: Subject, token: str | None, *, after: str | None, path: str
) -> AsyncIterator[bytes]:
    wanted = {**subject.narrowed, **({"after": after} if after else {})}
    stream = house.api.stream(document(f"{subject.page}.live"), wanted, token)
    notices: asyncio.Queue[Mapping[str, Any] | None] = asyncio.Queue(maxsize=1000)
    reading = asyncio.ensure_future(_read(stream, notices))
    yield b"retry: 2000\n\n"  # told first, so that the browser sees the stream open at once
    try:
        while True:
            batch = await _batch(notices)
            for piece in await _told(house, subject, token, batch=batch, path=path):
                yield piece
            if any(item is None or _final(item) for item in batch):
                return
    except Busy:
        yield LATER
    finally:
        reading.cancel()
        with suppress(asyncio.CancelledError):
            await reading


async def _read(
    stream: AsyncIterator[dict[str, Any]], notices: asyncio.Queue[Mapping[str, Any] | None]
) -> None:
    try:
        async for answer in stream:
            notice = (answer.get("data") or {}).get("notice") or _refusal(answer)
            await notices.put(notice)
            if _final(notice):
                break
    finally:
        # However it ended, the other side must hear of it; a full queue means it is gone or about to look.
        with suppress(asyncio.QueueFull):
            notices.put_nowait(None)
        close = getattr(stream, "aclose", None)
        if close is not None:
            await close()


def _refusal(answer: Mapping[str, Any]) -> dict[str, Any]:
    """A stream that was never opened, told like one that has ended: a bad cursor, a session over; or it is busy."""
    errors = answer.get("errors") or [{"message": ""}]
    passing = REFUSALS.get((errors[0].get("extensions") or {}).get("code", "")) is Busy
    return {"__typename": "Busy" if passing else "StreamEnded", "message": errors[0]["message"]}


async def _batch(notices: asyncio.Queue[Mapping[str, Any] | None]) -> list[Mapping[str, Any] | None]:
    """Wait for one notice, then take all that come within the settling time."""
    batch = [await notices.get()]
    if batch[0] is not None and batch[0]["__typename"] != "Heartbeat":
        await asyncio.sleep(SETTLING)
    while not notices.empty():
        batch.append(notices.get_nowait())
    return batch


async def _told(
    house: House,
    subject: Subject,
    token: str | None,
    *,
    batch: list[Mapping[str, Any] | None],
    path: str,
) -> list[bytes]:
    items = [item for item in batch if item is not None]
    if any(item["__typename"] == "Busy" for item in items):
        raise Busy
    ending = next((item for item in items if item["__typename"] == "StreamEnded"), None)
    if ending is not None:
        return [
            message(partial("live-said", _ended(ending), safe=True)),
            b"event: ended\ndata: ended\n\n",
        ]
    cursor = next((c for item in reversed(items) if (c := item.get("cursor") or item.get("head"))), None)
    news = [item for item in items if _concerns(item, subject)]
    if not news:
        # Nothing to show; the cursor alone moves on, so that a lost stream resumes from here.
        return [message("", cursor)] if cursor else []
    grown = subject.growing.grown(house, news) if subject.growing else None
    if grown is not None:
        return [message(grown + _saying(subject, news, grown), cursor)]
    try:
        return [message(await _fresh(house, subject, token, news=news, path=path), cursor)]
    except Busy:
        raise
    except (MissingThing, PageBroke, HTTPException):
        return [message(partial("live-said", NOT_YOURS)), b"event: ended\ndata: ended\n\n"]


def _ended(ending: Node) -> str:
    """Why the page is no longer kept fresh, and where to go on."""
    said = escape(f"{ending['message']} {ENDED}")
    place, words = ONWARD.get(ending.get("reason") or "", ("", ""))
    return f'{said} <a href="{place}">{words}</a>' if place else str(said)


def _concerns(item: Node, subject: Subject) -> bool:
    """A cursor that is of no use concerns every page: it shows how things stand."""
    kind = item["__typename"]
    return kind == "CursorExpired" or (kind != "Heartbeat" and subject.heeds(item))


async def _fresh(house: House, subject: Subject, token: str | None, *, news: list[Node], path: str) -> str:
    async with house.turns:
        data = await house.read(subject.page, subject.variables, token)
    if subject.growing:
        subject.growing.read_again(data)
    changed = frozenset(event["id"] for item in news if (event := item.get("event")))
    context = {**data, **subject.extra, **subject.arranged(data), "changed": changed}
    blocks = {
        target: house.block(subject.page, name, path, context, layout=subject.layout)
        for target, name in {"live-block": subject.block, **subject.beside}.items()
    }
    parts = [partial(target, block, safe=True) for target, block in blocks.items()]
    return "".join(parts) + _saying(subject, news, blocks["live-block"])


def _saying(subject: Subject, news: Sequence[Node], block: str) -> str:
    """What is said of it to whoever listens rather than looks; perhaps nothing."""
    shown = [item for item in news if subject.says(item, block)]
    said = escape(" ".join(dict.fromkeys(_sentence(item, subject.otherwise) for item in shown)))
    inside = f"<span data-passing>{said}</span>" if subject.passing else str(said)
    return partial("live-said", inside, safe=True) if said else ""


def _sentence(item: Node, otherwise: str) -> str:
    event, mayor, account = item.get("event"), item.get("mayor") or {}, item.get("account")
    group = item.get("group") or (item.get("membership") or {}).get("group") or {}
    names = {
        "title": event and event["title"],
        "mayor": mayor.get("name"),
        "city": (mayor.get("city") or {}).get("name"),
        "account": account and account["name"],
        "group": group.get("name"),
        "thread": (item.get("thread") or {}).get("title"),
        "call": (item.get("call") or {}).get("name"),
        "resolution": (item.get("resolution") or {}).get("title"),
        "sponsor": (item.get("sponsor") or {}).get("name"),
    }
    try:
        return SENTENCES.get(item["__typename"], otherwise).format(
            **{name: text for name, text in names.items() if text}
        )
    except KeyError:  # what it is about may no longer be known, or was not asked for
        return otherwise


def _final(item: Mapping[str, Any]) -> bool:
    return item["__typename"] in {"StreamEnded", "CursorExpired"}


def partial(target: str, content: str, *, safe: bool = False, swap: str = "innerMorph") -> str:
    """An htmx partial: replaces what is inside an element, keeping focus where it is; or swaps it in as told."""
    inside = content if safe else escape(content)
    return f'<hx-partial hx-target="#{target}" hx-swap="{swap}">{inside}</hx-partial>'


def message(html: str, cursor: str | None = None) -> bytes:
    """A server-sent event, with the place to resume from."""
    lines = [f"id: {cursor}"] if cursor else []
    lines += [f"data: {line}" for line in html.splitlines()] if html else [": beat"]
    return ("\n".join(lines) + "\n\n").encode()
