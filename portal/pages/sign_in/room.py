"""Signing in and out, and choosing for whom one acts."""

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from portal.api import Passkeys, TooManyTries
from portal.forms import fields
from portal.rooms import House
from portal.sessions import own_path
from portal.visits import visitor, within

NO_ADDRESS = "Write your e-mail address, for example mayor@richmond-va.example."
NO_PASSKEY = "That passkey is not known here, or no longer. Sign in by mail, and add it on your account page."
NO_CODE = "That code is not right, has been used, or has run out. Codes work once, for fifteen minutes."


def routes(house: House) -> list[Route]:
    """Ask for a mail, come back by its link or its code, act for someone, leave."""
    quick = [] if house.passkeys is None else _Passkey(house, house.passkeys).routes()
    return [
        *quick,
        Route("/sign-in", _Asking(house).respond, methods=["GET", "POST"]),
        Route("/sign-in/code", _Code(house).respond, methods=["GET", "POST"]),
        Route("/sign-in/{secret}", _Link(house).respond, methods=["GET", "POST"]),
        Route("/sign-out", _Leaving(house).respond, methods=["GET", "POST"]),
        Route("/act-for", _ActingFor(house).respond, methods=["POST"]),
    ]


class _Asking:
    """`/sign-in`: an e-mail address, answered alike whether it is known or not."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def respond(self, request: Request) -> Response:
        if request.method != "POST":
            response = await self._shown(request)
            going_to = own_path(request.query_params.get("next", ""), "")
            if going_to:
                self._house.cookies.note(response, "next", going_to)
            return response
        email = (await fields(request)).get("email", "")
        if "@" not in email:
            return await self._shown(request, email=email, problem=NO_ADDRESS, status=422)
        try:
            await self._house.door.ask(email, visitor(request))
        except TooManyTries as pause:
            return await paused(self._house, request, pause)
        response = self._house.on("/sign-in/code")
        self._house.cookies.note(response, "asked", email)
        return response

    async def _shown(self, request: Request, status: int = 200, **extra: Any) -> Response:
        here = within(request, self._house.passkeys)
        then = request.query_params.get("next") or self._house.cookies.read(request, "next")
        context: dict[str, Any] = {"email": "", "problem": "", "passkey_problem": "", "passkeys_here": here}
        context |= extra | {"invited": then.startswith("/delegations/accept")}
        return await self._house.page(request, "sign_in/ask", status=status, **context)


class _Code:
    """`/sign-in/code`: "check your mail", and the six digits for whoever reads mail on another device."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def respond(self, request: Request) -> Response:
        email = self._house.cookies.read(request, "asked")
        if request.method != "POST":
            return await self._shown(request, email=email)
        form = await fields(request)
        email = form.get("email") or email
        code = "".join(filter(str.isdecimal, form.get("code", "")))
        try:
            token = (
                await self._house.door.redeem_code(email, code, visitor(request)) if email and code else None
            )
        except TooManyTries as pause:
            return await paused(self._house, request, pause)
        if token is None:
            return await self._shown(request, email=email, problem=NO_CODE, status=422)
        return await _welcomed(self._house, request, token)

    async def _shown(self, request: Request, status: int = 200, **extra: Any) -> Response:
        context = {"problem": ""} | extra
        return await self._house.page(request, "sign_in/code", status=status, **context)


class _Link:
    """`/sign-in/<secret>`: a page with a button, for mail scanners open every link they see."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def respond(self, request: Request) -> Response:
        if request.method != "POST":
            return _not_passed_on(await self._house.page(request, "sign_in/link", spent=False))
        try:
            token = await self._house.door.redeem_link(request.path_params["secret"], visitor(request))
        except TooManyTries as pause:
            return await paused(self._house, request, pause)
        if token is None:
            return _not_passed_on(await self._house.page(request, "sign_in/link", status=410, spent=True))
        return await _welcomed(self._house, request, token)


class _Passkey:
    """`/sign-in/passkey`: what a browser's own dialogue answered to a challenge that this browser was given."""

    def __init__(self, house: House, passkeys: Passkeys) -> None:
        self._house, self._passkeys = house, passkeys

    def routes(self) -> list[Route]:
        return [
            Route("/sign-in/passkey/options", self._options, methods=["POST"]),
            Route("/sign-in/passkey", self._redeem, methods=["POST"]),
        ]

    async def _options(self, request: Request) -> Response:
        try:
            begun = await self._passkeys.challenge(visitor(request))
        except TooManyTries as pause:
            return JSONResponse({"minutes": pause.minutes}, status_code=429)
        response = Response(begun.options, media_type="application/json")
        self._house.cookies.note(response, "challenge", begun.challenge)
        return response

    async def _redeem(self, request: Request) -> Response:
        challenge = self._house.cookies.read(request, "challenge")
        credential = (await fields(request)).get("credential", "")
        token = await self._passkeys.redeem(challenge, credential, visitor(request)) if challenge else None
        if token is None:
            response = await self._house.page(
                request,
                "sign_in/ask",
                invited=False,
                status=422,
                email="",
                problem="",
                passkey_problem=NO_PASSKEY,
                passkeys_here=True,
            )
        else:
            response = await _welcomed(self._house, request, token)
        self._house.cookies.drop(response, "challenge")
        return response


class _Leaving:
    """`/sign-out`: the session ends on the server, not only in the browser."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def respond(self, request: Request) -> Response:
        if request.method != "POST":
            return await self._house.page(request, "sign_in/out")
        token = self._house.cookies.token(request)
        if token:
            await self._house.door.leave(token)
        response = self._house.on("/", "signed-out")
        self._house.cookies.forget(response)
        return response


class _ActingFor:
    """`/act-for`: the switcher in every page's header."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def respond(self, request: Request) -> Response:
        form = await fields(request)
        token = self._house.cookies.token(request)
        if token is None:
            return self._house.on("/sign-in")
        done = await self._house.door.act_for(token, form.get("capacity", ""))
        return self._house.on(own_path(form.get("back", "")), "acting" if done else "not-acting")


def _not_passed_on(response: Response) -> Response:
    """This page's own address is a secret: whatever is fetched from it, or followed, hears of the house alone."""
    response.headers["referrer-policy"] = "strict-origin"
    return response


async def paused(house: House, request: Request, pause: TooManyTries) -> Response:
    """Too many tries: say when to come again, and nothing of who is known here."""
    response = await house.page(request, "sign_in/pause", status=429, minutes=pause.minutes)
    response.headers["retry-after"] = str(pause.minutes * 60)
    return response


async def _welcomed(house: House, request: Request, token: str) -> Response:
    """A new session for this browser; an older one it held ends, so that none is left lying about."""
    older = house.cookies.token(request)
    if older:
        await house.door.leave(older)
    response = house.on(own_path(house.cookies.read(request, "next"), "/calendar"), "signed-in")
    house.cookies.keep(response, token)
    house.cookies.drop(response, "next")
    house.cookies.drop(response, "asked")
    return response
