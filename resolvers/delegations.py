"""Acts upon delegations: invited, accepted, revoked, left, expired."""

import hashlib
import re
import secrets
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, text
from sqlalchemy.dialects.postgresql import Range
from sqlmodel import select

from models import ids
from models.accounts import Account
from models.cities import City
from models.delegations import (
    Delegation,
    DelegationAccepted,
    DelegationInvited,
    DelegationLeft,
    DelegationNarrowed,
    DelegationNotice,
    DelegationRevoked,
    DelegationStatus,
    Scope,
)
from models.letters import Invitation
from models.mayors import Person, Term
from models.problems import BadField, Invalid, Missing, WrongMoment
from models.schedules import in_words, read_day
from policy import delegations as policy
from resolvers.act import Act

_ADDRESS = re.compile(r"[^@\s,<>\"\x00]{1,64}@[a-z0-9-]+(\.[a-z0-9-]+)+")


async def invite(
    act: Act,
    email: str,
    scopes: list[Scope],
    starts_on: str | None = None,
    ends_on: str | None = None,
    object_id: str | None = None,
) -> Delegation:
    """Offer somebody a grant from the mayor's own term; they accept it with the code that is mailed to them."""
    act.must(policy.invite, None)
    term = await _own_term(act)
    city = await act.session.get_one(City, term.city_id)
    first, last = await _days(act, city, term, starts_on, ends_on)
    address, granted = address_of(email), _scopes(scopes)
    account = await account_of(act, address)
    if account.id == act.acting.account_id:
        raise Invalid(BadField("email", "This is your own address; a delegation is for somebody else."))
    code = secrets.token_urlsafe(15)
    delegation = Delegation(
        term_id=term.id,
        city_id=term.city_id,
        person_id=term.person_id,
        account_id=account.id,
        scopes=granted,
        object_id=_object(object_id),
        during=Range(first, last),
        status=DelegationStatus.INVITED,
        code_hash=hashlib.sha256(code.encode()).digest(),
    )
    await act.save(delegation)
    await _told(act, delegation, DelegationInvited)
    mayor = await act.session.get_one(Person, term.person_id)
    until = last - timedelta(days=1) if ends_on and last else None
    act.post(
        Invitation(
            address, str(delegation.id), f"Mayor {mayor.name}", city.name, tuple(granted), code, first, until
        )
    )
    return delegation


async def accept(act: Act, code: str | None = None, delegation_id: str | None = None) -> Delegation:
    """Accept a grant by its letter's code or by its id, signed in as the person it was sent to.

    The address was proven by signing in; the code only says which grant is meant.
    """
    act.as_oneself()
    delegation = await _offered(act, code, delegation_id)
    act.must(policy.accept, delegation)
    standing = await _standing(act, delegation)
    if standing is not delegation.status:
        raise WrongMoment(
            f"This invitation is {standing.value.replace('_', ' ')}; ask the mayor for a new one."
        )
    delegation.move("accept")
    delegation.accepted_at = await _now(act)
    await act.save(delegation)
    await _told(act, delegation, DelegationAccepted)
    return delegation


async def narrow(
    act: Act, delegation_id: str, scopes: list[Scope] | None = None, ends_on: str | None = None
) -> Delegation:
    """Take scopes out of a grant, or let it end earlier; what is left out stays. More is granted anew, never so."""
    delegation = await act.locked(Delegation, delegation_id)
    act.must(policy.narrow, delegation)
    await _not_over(act, delegation)
    was = delegation.terms()
    city = await act.session.get_one(City, delegation.city_id)
    after = _earlier(delegation, ends_on, await _today(act, city))
    delegation.narrow(_fewer(delegation, scopes), after)
    if delegation.terms() == was:
        raise Invalid(
            BadField("scopes", "Nothing would change: take a scope out, or choose an earlier last day.")
        )
    await act.save(delegation)
    await _told(act, delegation, DelegationNarrowed, was=was, now=delegation.terms())
    return delegation


async def revoke(act: Act, delegation_id: str) -> Delegation:
    """Take a grant back. Nothing committed from here on reaches it."""
    return await _ended(act, delegation_id, "revoke", DelegationRevoked)


async def leave(act: Act, delegation_id: str) -> Delegation:
    """Lay a grant down, or decline one that was only offered."""
    act.as_oneself()
    return await _ended(act, delegation_id, "leave", DelegationLeft)


async def _offered(act: Act, code: str | None, delegation_id: str | None) -> Delegation:
    """The grant that was offered to whoever acts, locked; one offered to somebody else is ``Missing`` to them."""
    if (code is None) is (delegation_id is None):
        raise Invalid(BadField("code", "Give the code from the letter, or the grant's id: one of the two."))
    if code is not None:
        hashed = hashlib.sha256(code.strip().encode("utf-8", "replace")).digest()
        chosen, known_by = Delegation.code_hash == hashed, "has this code; check the letter, and"
    else:
        chosen, known_by = Delegation.id == ids.read("del", delegation_id or ""), "has this id; check"
    own = Delegation.account_id == act.acting.account_id
    found = await act.session.execute(select(Delegation).where(chosen, own).with_for_update())
    delegation = found.scalar()
    if delegation is None:
        raise Missing(f"No invitation to you {known_by} the address you signed in with.")
    return delegation


async def _ended(act: Act, delegation_id: str, verb: str, notice: type[DelegationNotice]) -> Delegation:
    delegation = await act.locked(Delegation, delegation_id)
    act.must(policy.revoke if verb == "revoke" else policy.leave, delegation)
    await _not_over(act, delegation)
    delegation.move(verb)
    delegation.ended_at = await _now(act)
    await act.save(delegation)
    await _told(act, delegation, notice)
    return delegation


async def _told(act: Act, delegation: Delegation, notice: type[DelegationNotice], **said: Any) -> None:
    found = await act.session.execute(select(Account.id).where(Account.person_id == delegation.person_id))
    act.record(notice.of(delegation, mayor=found.scalar(), **said), **said)


async def _not_over(act: Act, delegation: Delegation) -> None:
    """``WrongMoment`` for what its dates have ended, though nobody has noted it yet."""
    standing = await _standing(act, delegation)
    if standing is not delegation.status:
        raise WrongMoment(f"This delegation has ended already: {standing.value.replace('_', ' ')}.")


async def _standing(act: Act, delegation: Delegation) -> DelegationStatus:
    """Where it stands by its dates, as the database's clock has it."""
    status = policy.STATUS.format(row="d").replace("::", r"\:\:")
    found = await act.session.execute(
        text(f"SELECT {status} FROM delegations d WHERE d.id = :id"), {"id": delegation.id}
    )
    return DelegationStatus(found.scalar_one())


async def _own_term(act: Act) -> Term:
    """The mayor's term, held still: it cannot end under a grant that is being given."""
    found = await act.session.execute(
        select(Term).where(Term.id == act.acting.term_id).with_for_update(read=True)
    )
    return found.scalar_one()


async def _days(
    act: Act, city: City, term: Term, starts_on: str | None, ends_on: str | None
) -> tuple[date, date | None]:
    """First day, and the day after the last, within the term and from today on."""
    today = await _today(act, city)
    first = read_day(starts_on, "startsOn") if starts_on is not None else today
    after = read_day(ends_on, "endsOn") + timedelta(days=1) if ends_on is not None else term.during.upper
    if first < today:
        raise Invalid(BadField("startsOn", f"A grant begins today, {in_words(today)}, or later.", str(today)))
    if ends_on is not None and after is not None and after <= today:
        raise Invalid(BadField("endsOn", "That day is over.", str(today)))
    if after is not None and after <= first:
        raise Invalid(BadField("endsOn", "The last day must not come before the first."))
    if term.during.upper is not None and (
        after is None or after > term.during.upper or first >= term.during.upper
    ):
        last = term.during.upper - timedelta(days=1)
        raise Invalid(
            BadField("endsOn", f"Your term ends earlier, on {in_words(last)}, and this with it.", str(last))
        )
    return first, after


async def _today(act: Act, city: City) -> date:
    today: date = (
        await act.session.execute(text("SELECT timezone(:zone, now())\\:\\:date"), {"zone": city.time_zone})
    ).scalar_one()
    return today


async def _now(act: Act) -> datetime:
    now: datetime = (await act.session.execute(select(func.clock_timestamp()))).scalar_one()
    return now


async def account_of(act: Act, address: str, name: str | None = None) -> Account:
    """The account behind an address; a new one, named as given or after the address, when there is none yet."""
    found = await act.session.execute(select(Account).where(Account.email == address))
    account = found.scalar()
    if account is None:
        person = Person(name=name or address.partition("@")[0].replace(".", " ").title())
        await act.save(person)
        account = Account(person_id=person.id, email=address)
        await act.save(account)
    return account


def address_of(email: str, field: str = "email") -> str:
    """An e-mail address in lower case; ``Invalid`` when it is none."""
    address = email.strip().lower()
    if not _ADDRESS.fullmatch(address):
        raise Invalid(BadField(field, f"“{email[:60]}” is not an e-mail address."))
    return address


def _scopes(scopes: list[Scope]) -> list[Scope]:
    if not scopes:
        listed = ", ".join(scope.name for scope in Scope)
        raise Invalid(BadField("scopes", f"Say what is granted: one or more of {listed}."))
    return [scope for scope in Scope if scope in scopes]


def _fewer(delegation: Delegation, scopes: list[Scope] | None) -> list[Scope]:
    if scopes is None:
        return delegation.scopes
    if not scopes:
        raise Invalid(
            BadField("scopes", "Leave at least one scope; to take all of it back, end the delegation.")
        )
    more = [scope.name for scope in Scope if scope in scopes and scope not in delegation.scopes]
    if more:
        missing = (
            f"This grant does not hold {', '.join(more)}. It can only become less; for more, grant anew."
        )
        raise Invalid(BadField("scopes", missing))
    return _scopes(scopes)


def _earlier(delegation: Delegation, ends_on: str | None, today: date) -> date | None:
    """The day after the last; from today on, and no later than it is."""
    first, after = delegation.during.lower or today, delegation.during.upper
    if ends_on is None:
        return after
    last, soonest = read_day(ends_on, "endsOn"), max(today, first)
    if last < soonest:
        early = (
            f"Its last day can be {in_words(soonest)} at the earliest; to end it before, end the delegation."
        )
        raise Invalid(BadField("endsOn", early, str(soonest)))
    if after is not None and last >= after:
        standing = after - timedelta(days=1)
        late = f"It ends on {in_words(standing)}, and can only end earlier; for longer, grant anew."
        raise Invalid(BadField("endsOn", late, str(standing)))
    return last + timedelta(days=1)


def _object(shown: str | None) -> UUID | None:
    if shown is None:
        return None
    found = ids.read("evt", shown)
    if found is None:
        raise Invalid(BadField("objectId", "A grant can be limited to an event; this is not an event's id."))
    return found
