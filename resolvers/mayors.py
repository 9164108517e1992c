"""Acts upon mayors: terms opened and ended, profiles kept."""

import re
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import func, text
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from models import ids
from models.accounts import Account
from models.cities import City, Seat
from models.delegations import Delegation, DelegationStatus, DelegationTermEnded
from models.mayors import Person, ProfileUpdated, Term, TermEnded, TermOpened
from models.problems import BadField, Invalid, Missing, WrongMoment
from models.schedules import in_words, read_day
from policy import mayors as policy
from resolvers.act import Act
from resolvers.delegations import account_of, address_of

_LONGEST_NAME, _LONGEST_TEXT = 200, 5_000
#: Digits with spaces, dots, dashes, slashes and brackets between them, and perhaps an extension.
_PHONE = re.compile(
    r"\+?[0-9(][0-9 ().\-/]{3,38}(?:(?:,|;)? ?(?:ext\.?|x|#) ?[0-9]{1,8})?", re.ASCII | re.IGNORECASE
)
_FEWEST_DIGITS = 4


async def open_term(
    act: Act, city_id: str, name: str, email: str, starts_on: str, ends_on: str | None = None
) -> Term:
    """A person takes office. The seat must be vacant on all those days, and the person without another."""
    act.must(policy.manage_terms, None)
    chosen = ids.read("cit", city_id)
    city = await act.session.get(City, chosen) if chosen else None
    if city is None:
        raise Missing("There is no such city.")
    first = read_day(starts_on, "startsOn")
    end = read_day(ends_on, "endsOn") if ends_on is not None else None
    if end and end <= first:
        raise Invalid(BadField("endsOn", "A term must last a day at least."))
    if await act.session.get(Seat, city.id) is None:
        await act.save(Seat(city_id=city.id))
    named = city.name  # a refused insert closes the transaction, and with it the rows
    account = await account_of(act, address_of(email), name=_name(name))
    term = Term(city_id=city.id, person_id=account.person_id, during=Range(first, end))
    try:
        await act.save(term)
    except IntegrityError as taken:
        raise _overlap(taken, named) from None
    act.record(_opened(term, account, first))
    return term


async def end_term(act: Act, mayor_id: str, on: str) -> Term:
    """A mayor leaves office on ``on``, the first day out of it. Delegations end with the term."""
    term = await act.locked(Term, mayor_id)
    act.must(policy.manage_terms, term)
    last = read_day(on, "on")
    if term.during.lower is None or last <= term.during.lower:
        began = f" began on {in_words(term.during.lower)}" if term.during.lower else " has no first day"
        raise Invalid(BadField("on", f"The term{began}; it cannot end before its second day."))
    if term.during.upper is not None and term.during.upper <= last:
        raise WrongMoment(f"This term ends on {in_words(term.during.upper)} already.")
    over = await _is_over(act, term, last)
    rights = await _end_delegations(act, term, last, over=over)
    term.during = Range(term.during.lower, last)
    term.revision += 1
    await act.save(term)
    act.record(
        TermEnded(
            subject=term.id,
            revision=term.revision,
            topics=("public", *(f"account:{account.hex}" for account in rights)),
            rights=tuple(rights),
            on=last,
        )
    )
    return term


async def update_profile(
    act: Act,
    mayor_id: str | None = None,
    name: str | None = None,
    biography: str | None = None,
    office_email: str | None = None,
    office_phone: str | None = None,
) -> Term:
    """Keep the profile: by the mayor, by staff with the scope ``profile``, by the secretariat for anyone."""
    shown = mayor_id or (ids.shown("may", act.acting.term_id) if act.acting.term_id else "")
    term = await act.locked(Term, shown)
    act.must(policy.update_profile, term)
    person = await act.session.get_one(Person, term.person_id)
    seat = await act.session.get_one(Seat, term.city_id)
    was = _kept(person, seat)
    changed = _change(
        person, name=_name(name) if name is not None else None, biography=_text("biography", biography)
    )
    changed += _change(
        seat,
        office_email=address_of(office_email, "officeEmail") if office_email else office_email,
        office_phone=_phone(office_phone),
    )
    term.revision += 1
    await act.save(person, seat, term)
    act.record(
        ProfileUpdated(
            subject=term.id,
            revision=term.revision,
            topics=("members", "secretariat"),
            fields=tuple(changed),
        ),
        was={name: value for name, value in was.items() if name in changed},
        now={name: value for name, value in _kept(person, seat).items() if name in changed},
    )
    return term


def _opened(term: Term, account: Account, first: date) -> TermOpened:
    return TermOpened(
        subject=term.id,
        revision=term.revision,
        topics=("public", f"account:{account.id.hex}"),
        rights=(account.id,),
        since=first,
    )


async def _is_over(act: Act, term: Term, last: date) -> bool:
    found = await act.session.execute(
        text("SELECT timezone(c.time_zone, now())\\:\\:date >= :last FROM cities c WHERE c.id = :city"),
        {"last": last, "city": term.city_id},
    )
    return bool(found.scalar_one())


async def _end_delegations(act: Act, term: Term, last: date, *, over: bool) -> list[UUID]:
    """Cut every grant to the term's new length, and end those that lived; the accounts whose rights change."""
    found = await act.session.execute(
        select(Delegation).where(Delegation.term_id == term.id).with_for_update()
    )
    mayor = (
        await act.session.execute(select(Account.id).where(Account.person_id == term.person_id))
    ).scalar()
    rights: list[UUID] = [mayor] if mayor else []
    now = (await act.session.execute(select(func.clock_timestamp()))).scalar_one()
    for delegation in found.scalars().all():
        delegation.during = _within(delegation.during, last)
        if delegation.status in (DelegationStatus.INVITED, DelegationStatus.ACTIVE):
            rights.append(delegation.account_id)
            if over:
                delegation.move("end_with_term")
                delegation.ended_at = now
                act.record(DelegationTermEnded.of(delegation, mayor=mayor))
        act.session.add(delegation)
    await act.session.flush()
    return list(dict.fromkeys(rights))


def _within(during: Range[date], last: date) -> Range[date]:
    """The days of a grant that lie before ``last``; one that would keep none keeps the term's last day."""
    first = during.lower if during.lower and during.lower < last else last - timedelta(days=1)
    after = during.upper if during.upper and during.upper < last else last
    return Range(first, after)


def _overlap(taken: IntegrityError, city: str) -> WrongMoment | IntegrityError:
    if "one_mayor_per_seat" in str(taken):
        return WrongMoment(f"{city} has a mayor on some of these days; end that term first.")
    if "one_seat_per_mayor" in str(taken):
        return WrongMoment("This person holds a seat on some of these days; end that term first.")
    return taken


def _kept(person: Person, seat: Seat) -> dict[str, str | None]:
    """What a history says of a profile word by word; a paragraph on the mayor is too long for it."""
    return {"name": person.name, "office_email": seat.office_email, "office_phone": seat.office_phone}


def _change(row: Person | Seat, **values: str | None) -> list[str]:
    given = {
        name: value for name, value in values.items() if value is not None and getattr(row, name) != value
    }
    for name, value in given.items():
        setattr(row, name, value or None if name.startswith("office") else value)
    return list(given)


def _name(name: str) -> str:
    trimmed = " ".join(name.split())
    if not 0 < len(trimmed) <= _LONGEST_NAME or "\0" in trimmed:
        raise Invalid(BadField("name", f"Give a name of 1 to {_LONGEST_NAME} characters."))
    return trimmed


def _phone(given: str | None) -> str | None:
    """A telephone number as somebody writes it, with or without an extension; empty to remove it."""
    number = " ".join(given.split()) if given is not None else None
    if number and (not _PHONE.fullmatch(number) or sum(map(str.isdigit, number)) < _FEWEST_DIGITS):
        wrong = "This is no telephone number: give its digits, with the country's code."
        raise Invalid(BadField("officePhone", wrong, "+1 703 555 0100"))
    return number


def _text(field: str, text_given: str | None) -> str | None:
    if text_given is not None and (len(text_given) > _LONGEST_TEXT or "\0" in text_given):
        raise Invalid(BadField(field, f"At most {_LONGEST_TEXT} characters, and no NUL among them."))
    return text_given.strip() if text_given is not None else None
