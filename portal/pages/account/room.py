"""The account page: where one is signed in, the passkeys and tokens one holds, and how each is ended."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from portal import dates
from portal.forms import fields, refused
from portal.live import Subject, live
from portal.rooms import House, MissingThing
from portal.sessions import to_sign_in
from portal.visits import visitor, within

PAGE = "account/account"
HERE = "/account"
LIFETIMES = {"30": "30 days", "90": "90 days", "365": "a year"}
OURS = "Something went wrong on our side. Please try once more."
#: What a form's button ends: its address, the act's document, the id's name in its input, the greeting after,
#: and the act's name.
ENDINGS = {
    "sessions": ("account/revoke_session.act", "sessionId", "session-ended", "revokeSession"),
    "tokens": ("account/revoke_token.act", "tokenId", "token-ended", "revokeToken"),
    "passkeys": ("account/remove_passkey.act", "passkeyId", "passkey-removed", "removePasskey"),
}


def routes(house: House) -> list[Route]:
    """The page, and what its buttons do."""
    account = _Account(house)
    found = [
        Route(HERE, account.show),
        Route(f"/live{HERE}", account.live),
        Route(f"{HERE}/tokens", account.make_token, methods=["POST"]),
        Route(f"{HERE}/{{what}}/end", account.end, methods=["POST"]),
        Route(f"{HERE}/sign-out-everywhere", account.leave_everywhere, methods=["POST"]),
    ]
    if house.passkeys:
        found += [
            Route(f"{HERE}/passkeys/options", account.invite_passkey, methods=["POST"]),
            Route(f"{HERE}/passkeys", account.add_passkey, methods=["POST"]),
        ]
    return found


class _Account:
    def __init__(self, house: House) -> None:
        self._house = house

    async def show(self, request: Request) -> Response:
        return await self._shown(request)

    async def live(self, request: Request) -> Response:
        subject = Subject(
            PAGE,
            "devices",
            {},
            arranged=_kept,
            beside={"live-passkeys": "passkeys", "live-tokens": "tokens"},
            otherwise="Your account has changed.",
        )
        return live(self._house, request, subject)

    async def make_token(self, request: Request) -> Response:
        """The secret is shown in the answer itself: it must be in no address, no cookie and no history."""
        form = await fields(request)
        wanted = {
            "name": form.get("name", ""),
            "scopes": ["READ", "ACT"] if form.get("may") == "act" else ["READ"],
            "days": int(form["days"]) if form.get("days") in LIFETIMES else 0,
        }
        outcome = await self._act("account/create_token.act", request, form, wanted)
        if outcome["__typename"] == "ApiToken":
            return await self._shown(request, made=outcome)
        problems = {field["name"]: field["message"] for field in outcome.get("fields", ())}
        problem = "" if problems else outcome["message"]
        said = {"problems": problems, "problem": problem, "refused": refused(outcome, "createToken")}
        return await self._shown(request, status=422, form=form, **said)

    async def end(self, request: Request) -> Response:
        ending = ENDINGS.get(request.path_params["what"])
        if ending is None:
            return self._house.on(HERE)
        name, id_name, greeting, act = ending
        form = await fields(request)
        outcome = await self._act(name, request, form, {id_name: form.get("id", "")})
        if "message" in outcome:
            said = {"problem": outcome["message"], "refused": refused(outcome, act)}
            return await self._shown(request, status=422, **said)
        return self._house.on(HERE, greeting)

    async def leave_everywhere(self, request: Request) -> Response:
        form = await fields(request)
        wanted = {"andTokens": form.get("tokens") == "yes"}
        outcome = await self._act("account/sign_out_everywhere.act", request, form, wanted)
        if "message" in outcome:
            said = {"problem": outcome["message"], "refused": refused(outcome, "signOutEverywhere")}
            return await self._shown(request, status=422, **said)
        token = self._house.cookies.token(request)
        if token:
            await self._house.door.leave(token)
        response = self._house.on("/", "signed-out-everywhere")
        self._house.cookies.forget(response)
        return response

    async def invite_passkey(self, request: Request) -> Response:
        """What the browser needs to make a passkey; its challenge is bound to this browser by a cookie."""
        token = self._house.cookies.token(request)
        begun = await self._house.passkeys.invite(token) if token and self._house.passkeys else None
        if begun is None:
            return JSONResponse({"message": "Sign in first."}, status_code=403)
        response = Response(begun.options, media_type="application/json")
        self._house.cookies.note(response, "challenge", begun.challenge)
        return response

    async def add_passkey(self, request: Request) -> Response:
        form = await fields(request)
        token, challenge = self._house.cookies.token(request), self._house.cookies.read(request, "challenge")
        kept = False
        if token and challenge and self._house.passkeys:
            credential, name = form.get("credential", ""), form.get("name", "")
            kept = await self._house.passkeys.enrol(token, challenge, credential, name, visitor(request))
        response = self._house.on(HERE, "passkey-added" if kept else "passkey-not-added")
        self._house.cookies.drop(response, "challenge")
        return response

    async def _act(
        self, name: str, request: Request, form: dict[str, str], wanted: dict[str, Any]
    ) -> dict[str, Any]:
        variables = {"input": {**wanted, "idempotencyKey": form.get("key") or str(uuid4())}}
        data = await self._house.read(name, variables, self._house.cookies.token(request))
        return dict(data["outcome"] or {"__typename": "", "message": OURS})

    async def _shown(self, request: Request, status: int = 200, **extra: Any) -> Response:
        if self._house.cookies.token(request) is None:
            return self._house.on(to_sign_in(HERE))
        data = await self._house.read(PAGE, {}, self._house.cookies.token(request))
        if data["viewer"] is None:
            return self._house.on(to_sign_in(HERE))
        passkeys = self._house.passkeys
        context = {
            "made": None,
            "form": {},
            "problem": "",
            "refused": "",
            "problems": {},
            "lifetimes": LIFETIMES,
            "passkeys_at": passkeys.host if passkeys else None,
            "passkeys_here": within(request, passkeys),
            "elsewhere": str(request.url.replace(hostname=passkeys.host)) if passkeys else "",
        }
        response = self._house.shown(request, PAGE, data | context | _kept(data) | extra, status=status)
        response.headers["cache-control"] = "no-store"
        return response


def _kept(data: Mapping[str, Any]) -> dict[str, Any]:
    """What an account holds, each with its line, and the key of the form behind each button."""
    if data["viewer"] is None:
        raise MissingThing("Nobody is signed in here any more.")
    now = datetime.now(UTC)
    return {
        "key": str(uuid4()),
        "sessions": [_session(session, now) for session in data["viewer"]["sessions"]],
        "tokens": [_told(token, now) for token in data["viewer"]["tokens"]],
        "passkeys": [_told(passkey, now) for passkey in data["viewer"]["passkeys"]],
    }


def _session(session: dict[str, Any], now: datetime) -> dict[str, Any]:
    """A session with its line: "signed in 3 days ago, last used yesterday, from 203.0.113.x"."""
    began = dates.ago(dates.instant(session["signedInAt"]), now)
    used = dates.ago(dates.instant(session["lastUsedAt"] or session["signedInAt"]), now)
    parts = [f"signed in {began}"]
    if used != began:
        parts.append(f"last used {used}")
    if session["place"]:
        parts.append(f"from {session['place']}")
    return session | {"line": _capital(", ".join(parts)), "device": session["device"] or "A browser"}


def _told(key: dict[str, Any], now: datetime) -> dict[str, Any]:
    """A token or a passkey with its line: "made 3 days ago, never used, good until March 12, 2031"."""
    word = "made" if "scopes" in key else "added"
    used = (
        f"last used {dates.ago(dates.instant(key['lastUsedAt']), now)}" if key["lastUsedAt"] else "never used"
    )
    parts = [f"{word} {dates.ago(dates.instant(key['createdAt']), now)}", used]
    if "expiresAt" in key:
        parts.append(f"good until {dates.day_words(key['expiresAt'][:10])}")
    return key | {"line": _capital(", ".join(parts))}


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
