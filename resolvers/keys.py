"""Acts upon one's own keys: tokens made and ended, sessions ended, passkeys removed."""

import hashlib
import secrets
from datetime import timedelta

from sqlalchemy import func, text
from sqlmodel import select

from models.accounts import Account
from models.keys import (
    Passkey,
    PasskeyRemoved,
    SessionEnded,
    Token,
    TokenEnded,
    TokenKind,
    TokenMade,
    TokenScope,
)
from models.letters import KeyAdded
from models.problems import BadField, Invalid, WrongMoment
from policy import keys as policy
from resolvers.act import Act

#: How long a token may live, in days.
LIFETIMES = (30, 90, 365)
_MOST = 25
_LONGEST_NAME = 80
_SESSION = ("ses", "session", policy.BROWSER)
_API_TOKEN = ("tok", "token", policy.PROGRAM)
_ENDINGS = {TokenKind.SESSION: SessionEnded, TokenKind.API: TokenEnded}


async def create_token(act: Act, name: str, scopes: list[TokenScope], days: int) -> Token:
    """Make a token for a program. Its secret is said once, in the answer; the house keeps the hash."""
    asking = await act.session.get_one(Token, act.acting.token_id)
    act.must(policy.make_token, asking)
    called, granted = _name(name), _scopes(scopes)
    if days not in LIFETIMES:
        raise Invalid(BadField("days", "A token is good for 30, 90 or 365 days.", "90"))
    standing = await act.session.execute(
        select(func.count())
        .select_from(Token)
        .where(
            Token.account_id == act.acting.account_id,
            Token.kind == TokenKind.API,
            text("revoked_at IS NULL AND expires_at > now()"),
        )
    )
    if standing.scalar_one() >= _MOST:
        raise WrongMoment(f"You have {_MOST} tokens that are still good; end one you no longer need first.")
    secret = f"rot_{secrets.token_urlsafe(32)}"
    now = (await act.session.execute(text("SELECT now()"))).scalar_one()
    account = await act.session.get_one(Account, act.acting.account_id)
    token = Token(
        hash=hashlib.sha256(secret.encode()).digest(),
        account_id=account.id,
        kind=TokenKind.API,
        label=called,
        scopes=granted,
        expires_at=now + timedelta(days=days),
    )
    await act.save(token)
    act.as_oneself()
    act.note(token.id, {"name": called, "scopes": [str(scope) for scope in granted], "days": days})
    act.tell(TokenMade.of(token.id, owner=account.id))
    act.post(KeyAdded(account.email, str(token.id), "token", called, asking.device, asking.place))
    act.say_once(secret=secret)
    return token


async def revoke_token(act: Act, token_id: str) -> Token:
    """End a token: from the commit on it is no good, and the streams that ran under it end."""
    return await _ended(act, await act.locked(Token, token_id, among=_API_TOKEN))


async def revoke_session(act: Act, session_id: str) -> Token:
    """End a session on some other device, and the streams that ran under it."""
    return await _ended(act, await act.locked(Token, session_id, among=_SESSION))


async def sign_out_everywhere(act: Act, and_tokens: bool | None = None) -> Account:  # noqa: FBT001 - an input's field
    """End every session but the one that asks, and every API token too where that is wanted."""
    account = await act.session.get_one(Account, act.acting.account_id)
    act.must(policy.end_others, account)
    kinds = [TokenKind.SESSION, TokenKind.API] if and_tokens else [TokenKind.SESSION]
    ended = await act.session.execute(
        text(
            "UPDATE tokens SET revoked_at = now() WHERE account_id = :account AND kind = ANY (:kinds) "
            "AND revoked_at IS NULL AND expires_at > now() AND id <> :this RETURNING id, kind"
        ),
        {"account": account.id, "kinds": kinds, "this": act.acting.token_id},
    )
    keys = ended.all()
    act.as_oneself()
    act.note(account.id, {"ended": len(keys), "tokens": bool(and_tokens)})
    for key in keys:
        act.tell(_ENDINGS[TokenKind(key.kind)].of(key.id, owner=account.id))
    return account


async def remove_passkey(act: Act, passkey_id: str) -> Passkey:
    """Remove a passkey: it lets nobody in from then on. Sessions it began go on until they are ended."""
    passkey = await act.locked(Passkey, passkey_id)
    act.must(policy.remove_passkey, passkey)
    if passkey.removed_at:
        raise WrongMoment("This passkey was removed already.")
    passkey.removed_at = (await act.session.execute(text("SELECT now()"))).scalar_one()
    await act.save(passkey)
    act.as_oneself()
    act.note(passkey.id, {"name": passkey.name})
    act.tell(PasskeyRemoved.of(passkey.id, owner=passkey.account_id))
    return passkey


async def _ended(act: Act, token: Token) -> Token:
    act.must(policy.end_token, token)
    now = (await act.session.execute(text("SELECT now()"))).scalar_one()
    if token.revoked_at or token.expires_at <= now:
        raise WrongMoment("It has ended already; there is nothing left to do.")
    token.revoked_at = now
    await act.save(token)
    act.as_oneself()
    act.note(token.id, {"name": token.label} if token.kind is TokenKind.API else {"device": token.device})
    act.tell(_ENDINGS[token.kind].of(token.id, owner=token.account_id))
    return token


def _name(name: str) -> str:
    called = " ".join(name.split())
    if not 0 < len(called) <= _LONGEST_NAME or not called.isprintable():
        raise Invalid(
            BadField("name", f"Give it a name of at most {_LONGEST_NAME} characters, to know it by.")
        )
    return called


def _scopes(scopes: list[TokenScope]) -> list[TokenScope]:
    if not scopes:
        raise Invalid(BadField("scopes", "Say what it may do: READ, or READ and ACT.", "READ"))
    # Whoever acts reads what came of it.
    return sorted({TokenScope(scope) for scope in scopes} | {TokenScope.READ}, reverse=True)
