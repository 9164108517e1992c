"""A thread's page that grows: what a notice tells is put in its place, and nothing else is touched."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from starlette.requests import Request

from portal.live import partial
from portal.pages.groups.threads import PAGE, Window, arranged, number, zone_of
from portal.pages.groups.words import MARKS
from portal.rooms import House

_TALK = "groups/_talk"
_AT_THE_END = "posts"  # the list's id
Node = Mapping[str, Any]


class OpenThread:
    """Which posts somebody has before them, and on whose clocks; known until a stream was lost on the way.

    The page says so in its stream's address. After a loss it is read again once: what came meanwhile is on it or not.
    """

    def __init__(self, request: Request) -> None:
        told = request.query_params
        first, last, before = (number(told.get(name, "")) for name in ("from", "shown", "before"))
        resumed = "last-event-id" in request.headers
        end = last if before is None else before  # a page that ends ahead of a post is not the last
        known = first is not None and last is not None and end is not None
        self._window = Window(first or 1, last or 0, end or 0) if known and not resumed else None
        self._zone = _known(told.get("zone", ""))
        self._unread_from = 0  # not known yet, and nothing stands ahead of it
        self._kept = False

    def read_again(self, data: Node) -> None:
        """Take over what the page shows now."""
        self._window, self._zone = arranged(data)["window"], zone_of(data)
        self._unread_from = _first_unread(data["thread"])

    def grown(self, house: House, news: Sequence[Node]) -> str | None:
        """The new posts at the end, the changed ones in their places, and how many are unread."""
        threads = [
            thread for notice in news if (thread := (notice.get("post") or notice).get("thread")) is not None
        ]
        window, parts = self._window, []
        if window is None or len(threads) < len(news):
            return None  # the thread itself changed, or is no longer theirs to see
        for notice, thread in zip(news, threads, strict=True):
            self._heed(notice, thread)
            post = notice.get("post")
            if post:
                place = _place(window, post["number"], added=notice["__typename"] == "PostAdded")
                window = _grown(window, post["number"], shown=place == _AT_THE_END)
                parts += [_put(place, self._item(house, post, thread, window))] if place else []
        self._window = window
        parts.append(_inside("thread-stands", house.piece(_TALK, "standing", threads[-1], window)))
        if any("post" in notice for notice in news):
            parts.append(
                _inside("thread-onward", house.piece(_TALK, "onward", threads[-1], window, not self._kept))
            )
        return "".join(parts)

    def _heed(self, notice: Node, thread: Node) -> None:
        """Note whether something that was read is kept unread: a page that marks by itself would undo it."""
        first = _first_unread(thread)
        if notice["__typename"] == "ThreadRead":
            self._kept = first < self._unread_from or (self._kept and first == self._unread_from)
        self._unread_from = first

    def _item(self, house: House, post: Node, thread: Node, window: Window) -> str:
        first = thread["firstUnread"]
        begins = first is not None and first["number"] == post["number"]
        return house.piece(_TALK, "post_item", post, thread, window, self._zone, MARKS, begins)


def _place(window: Window, at: int, *, added: bool) -> str:
    """Where a post belongs on the page: at its end, in its own place, or nowhere."""
    if window.first <= at <= window.last:
        return f"p{at}"
    fits = window.is_open and at == window.last + 1 and window.count < 2 * PAGE
    return _AT_THE_END if added and fits else ""


def _grown(window: Window, at: int, *, shown: bool) -> Window:
    return replace(window, last=at if shown else window.last, end=max(window.end, at))


def _put(place: str, html: str) -> str:
    return partial(place, html, safe=True, swap="beforeend" if place == _AT_THE_END else "outerMorph")


def _inside(target: str, html: str) -> str:
    return partial(target, html, safe=True)


def _first_unread(thread: Node) -> int:
    first = thread["firstUnread"]
    return int(first["number"]) if first else thread["lastNumber"] + 1


def _known(zone: str) -> str:
    try:
        return ZoneInfo(zone).key
    except (ZoneInfoNotFoundError, ValueError, OSError):  # whatever an address may say
        return "UTC"
