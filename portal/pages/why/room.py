"""What one may do, explained act by act in the capacity one acts in; where a refusal leads."""

from collections.abc import Mapping, Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from portal.live import Subject, live
from portal.pages.delegations.words import idle, scope_words
from portal.pages.why.words import does
from portal.rooms import House
from portal.sessions import to_sign_in

# Acts by what they are upon, told by the last word of their names that is known here.
ABOUT = {
    "Event": ("events", "Events"),
    "Delegate": ("delegations", "Delegations"),
    "Delegation": ("delegations", "Delegations"),
    "Profile": ("office", "Profile and office"),
    "Group": ("groups", "Groups and what is said"),
    "Thread": ("groups", "Groups and what is said"),
    "Post": ("groups", "Groups and what is said"),
    "Report": ("groups", "Groups and what is said"),
    "Resolution": ("resolutions", "Resolutions"),
    "Sponsor": ("resolutions", "Resolutions"),
    "Deadline": ("resolutions", "Resolutions"),
    "Term": ("office", "Profile and office"),
    "Secretariat": ("secretariat", "The secretariat"),
}
NAMELESS = {
    "saveTheDate": ("events", "Events"),
    **dict.fromkeys(
        ("reply", "react", "unreact", "markRead", "keepUnread"), ("groups", "Groups and what is said")
    ),
}
OTHERWISE = ("account", "Your own account")
CHANGED = "What you may do has changed."


def routes(house: House) -> list[Route]:
    """The one page."""

    async def why(request: Request) -> Response:
        if house.cookies.token(request) is None:
            return house.on(to_sign_in("/why"))
        return await house.page(request, "why/why", **WORDS)

    async def why_live(request: Request) -> Response:
        return live(
            house, request, Subject("why/why", "rights", {}, WORDS, otherwise=CHANGED, heeds=_changes_rights)
        )

    return [Route("/why", why), Route("/live/why", why_live)]


def arranged(rights: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Rights under what they are about, and there by their answer: one sentence often refuses many acts."""
    found: dict[tuple[str, str], dict[str | None, list[Mapping[str, Any]]]] = {}
    for right in rights:
        found.setdefault(_about(right["act"]), {}).setdefault(right["because"], []).append(right)
    return [
        {"key": key, "word": word, "answers": _yes_first(answers)} for (key, word), answers in found.items()
    ]


def _yes_first(answers: Mapping[str | None, Any]) -> dict[str | None, Any]:
    return dict(sorted(answers.items(), key=lambda answer: answer[0] is not None))


def _changes_rights(notice: Mapping[str, Any]) -> bool:
    return str(notice["__typename"]).startswith(("Delegation", "Secretariat"))


def _about(act: str) -> tuple[str, str]:
    if act in NAMELESS:
        return NAMELESS[act]
    return next((about for word, about in ABOUT.items() if word in act), OTHERWISE)


WORDS: dict[str, Any] = {"arranged": arranged, "does": does, "idle": idle, "scope_words": scope_words}
