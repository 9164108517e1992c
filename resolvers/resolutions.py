"""Acts upon resolutions: called for, drafted, edited, opened for sponsors, sponsored, submitted, withdrawn."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import any_, func, literal, or_
from sqlmodel import col, select

from models.accounts import Account
from models.delegations import Delegation, DelegationStatus, Scope
from models.mayors import Term
from models.problems import BadField, Invalid, WrongMoment
from models.resolutions import (
    CallOpened,
    Clause,
    Deadline,
    DeadlineMoved,
    Resolution,
    ResolutionCall,
    ResolutionDrafted,
    ResolutionEdited,
    ResolutionNotice,
    ResolutionOpened,
    ResolutionReturned,
    ResolutionStatus,
    ResolutionSubmitted,
    ResolutionVersion,
    ResolutionWithdrawn,
    SponsorJoined,
    Sponsorship,
    SponsorWithdrew,
)
from models.schedules import read_schedule
from policy import resolutions as policy
from resolvers.act import Act
from resolvers.clauses import Typed, Worded, clauses_of, must_resolve, words_of
from resolvers.writing import line_of

_LONGEST_NAME, _LONGEST_TITLE, _LONGEST_REASON = 120, 200, 500
#: Ours, and nobody's rule (product.md): the sponsor, and two besides.
USUAL_SPONSORS, _MOST_SPONSORS = 3, 100


async def call_for(
    act: Act, name: str, due_at: str, time_zone: str, sponsors_needed: int | None = None
) -> ResolutionCall:
    """Call for resolutions, until a time on the wall of a zone."""
    act.must(policy.call, None)
    due = read_schedule(due_at, None, time_zone, names=("dueAt", "dueAt"))
    needed = USUAL_SPONSORS if sponsors_needed is None else sponsors_needed
    if not 1 <= needed <= _MOST_SPONSORS:
        wrong = f"A resolution needs 1 to {_MOST_SPONSORS} sponsors, its own mayor included."
        raise Invalid(BadField("sponsorsNeeded", wrong))
    call = ResolutionCall(
        name=line_of(name, "name", _LONGEST_NAME),
        time_zone=due.time_zone,
        due_wall=due.starts,
        sponsors_needed=needed,
    )
    await act.save(call)
    if call.due_at <= await _now(act):
        raise Invalid(BadField("dueAt", "This deadline has passed; give one to come."))
    act.record(CallOpened.of(call))
    return call


async def move_deadline(
    act: Act,
    call_id: str,
    due_at: str,
    reason: str,
    time_zone: str | None = None,
    expected_revision: int | None = None,
) -> ResolutionCall:
    """Move a call's deadline, saying why; those who hear of it hear what it was and what it is."""
    call = await act.locked(ResolutionCall, call_id)
    act.must(policy.call, call)
    if expected_revision is not None and expected_revision != call.revision:
        raise WrongMoment(
            f"Somebody moved it meanwhile; it is now {call.due_in_words()}. Look again, and decide anew."
        )
    due = read_schedule(due_at, None, time_zone or call.time_zone, names=("dueAt", "dueAt"))
    why = line_of(reason, "reason", _LONGEST_REASON)
    if (due.starts, due.time_zone) == (call.due_wall, call.time_zone):
        raise Invalid(BadField("dueAt", "Nothing would change: that is the deadline already."))
    was = Deadline.of(call)
    call.due_wall, call.time_zone = due.starts, due.time_zone
    call.revision += 1
    await act.save(call)
    act.record(DeadlineMoved.of(call, reason=why, was=was, now=Deadline.of(call)))
    return call


async def draft(act: Act, call_id: str, title: str, clauses: Sequence[Typed]) -> Resolution:
    """Draft a resolution; nobody beside the mayor's own office knows of it."""
    act.must(policy.draft, None)
    call = await act.locked(ResolutionCall, call_id, shared=True)
    await _must_be_open(act, call)
    read = clauses_of(clauses, known=frozenset())
    resolution = Resolution(
        call_id=call.id,
        term_id=_own_term(act),
        author_id=act.author,
        title=line_of(title, "title", _LONGEST_TITLE),
        words=words_of(read),
    )
    await act.save(resolution)
    await _freeze(act, resolution, read)
    await _record(act, resolution, ResolutionDrafted)
    return resolution


async def edit(
    act: Act, resolution_id: str, title: str, clauses: Sequence[Typed], expected_version: int | None = None
) -> Resolution:
    """Give it another text. Who sponsored it as it read before is told, and counts once they sponsor it again."""
    resolution = await act.locked(Resolution, resolution_id)
    act.must(policy.edit, resolution)
    act.expect(resolution, expected_version)
    if resolution.status not in {ResolutionStatus.DRAFT, ResolutionStatus.GATHERING}:
        raise WrongMoment(f"This resolution is {resolution.status.value}; its text stands.")
    before = await _text_of(act, resolution)
    read = clauses_of(clauses, known=frozenset(clause.clause_id for clause in before))
    worded = line_of(title, "title", _LONGEST_TITLE)
    if resolution.opened_at:
        must_resolve(read)
    if (worded, read) == (resolution.title, before):
        raise Invalid(BadField("title", "Nothing would change: the words read so already."))
    was = resolution.version
    resolution.title, resolution.words = worded, words_of(read)
    resolution.version += 1
    resolution.revision += 1
    await act.save(resolution)
    await _freeze(act, resolution, read)
    if resolution.opened_at and act.acting.mayor:  # whoever leads it stands by what they wrote themselves
        await _stand_by(act, resolution)
    await _recount(act, resolution)
    await _record(act, resolution, ResolutionEdited, was_version=was)
    return resolution


async def gather(act: Act, resolution_id: str) -> Resolution:
    """Open a draft for sponsors: from now on every member reads it, and its mayor is the first who sponsors it."""
    resolution = await act.locked(Resolution, resolution_id)
    act.must(policy.lead, resolution)
    resolution.must_allow("gather")
    must_resolve(await _text_of(act, resolution))
    call = await act.session.get_one(ResolutionCall, resolution.call_id, with_for_update={"read": True})
    await _must_be_open(act, call)
    resolution.opened_at, resolution.opened_version = await _now(act), resolution.version
    resolution.move("gather")
    await act.save(resolution)
    await _stand_by(act, resolution)
    await _recount(act, resolution)
    await _record(act, resolution, ResolutionOpened)
    return resolution


async def sponsor(act: Act, resolution_id: str, version: int) -> Resolution:
    """Sponsor the text as it was read; when it has moved on meanwhile, nothing is sponsored."""
    resolution = await act.locked(Resolution, resolution_id)
    act.must(policy.sponsor, resolution)
    _must_gather(resolution)
    act.expect(resolution, version)
    own = await _own(act, resolution)
    if own and own.withdrawn_at is None and own.version == resolution.version:
        raise WrongMoment("You sponsor this text already.")
    await _sign(act, resolution, own)
    resolution.revision += 1
    await _recount(act, resolution)
    said = {"sponsor": act.acting.term_id, "sponsor_count": resolution.sponsor_count}
    await _record(act, resolution, SponsorJoined, **said)
    return resolution


async def withdraw_sponsorship(act: Act, resolution_id: str) -> Resolution:
    """Withdraw one's name. Before the deadline, a submitted resolution that now lacks a sponsor gathers again."""
    resolution = await act.locked(Resolution, resolution_id)
    act.must(policy.sponsor, resolution)
    _must_gather(resolution)
    own = await _own(act, resolution)
    if own is None or own.withdrawn_at is not None:
        raise WrongMoment("You do not sponsor this resolution, so there is nothing to withdraw.")
    if own.lead:
        raise WrongMoment("You lead this resolution; withdraw the resolution itself instead.")
    call = await act.session.get_one(ResolutionCall, resolution.call_id, with_for_update={"read": True})
    now = await _now(act)
    own.withdrawn_at = now
    resolution.revision += 1
    await act.save(own)
    await _recount(act, resolution)
    said = {"sponsor": act.acting.term_id, "sponsor_count": resolution.sponsor_count}
    await _record(act, resolution, SponsorWithdrew, **said)
    missing = call.sponsors_needed - resolution.sponsor_count
    if resolution.status is ResolutionStatus.SUBMITTED and missing > 0 and now <= call.due_at:
        resolution.move("return")
        resolution.submitted_at = None
        await act.save(resolution)
        act.tell(ResolutionReturned.of(resolution, await _office(act, resolution), missing=missing))
    return resolution


async def submit(act: Act, resolution_id: str, expected_version: int | None = None) -> Resolution:
    """Submit it, numbered within its call: before the deadline by the database's clock, and with its sponsors."""
    resolution = await act.locked(Resolution, resolution_id)
    act.must(policy.lead, resolution)
    act.expect(resolution, expected_version)
    resolution.must_allow("submit")
    # Whoever numbers takes turns, and no deadline moves meanwhile.
    call = await act.session.get_one(ResolutionCall, resolution.call_id, with_for_update=True)
    await _must_be_open(act, call)
    await _stand_by(act, resolution)
    await _recount(act, resolution)
    if resolution.sponsor_count < call.sponsors_needed:
        raise WrongMoment(_short_of_sponsors(resolution, call))
    number, now = resolution.number or await _next_number(act, call), await _now(act)
    resolution.number, resolution.submitted_at = number, now
    resolution.move("submit")
    await act.save(resolution)
    await _record(act, resolution, ResolutionSubmitted, number=number)
    return resolution


async def withdraw(act: Act, resolution_id: str, reason: str | None = None) -> Resolution:
    """Withdraw it. What was opened stays to be read, with the reason; what was not stays its office's own."""
    resolution = await act.locked(Resolution, resolution_id)
    act.must(policy.lead, resolution)
    resolution.must_allow("withdraw")
    why = line_of(reason or "", "reason", _LONGEST_REASON, empty=resolution.opened_at is None) or None
    resolution.withdrawn_at, resolution.withdrawn_because = await _now(act), why
    resolution.move("withdraw")
    await act.save(resolution)
    await _record(act, resolution, ResolutionWithdrawn, reason=why)
    return resolution


# ---------------------------------------------------------------------- texts


async def _text_of(act: Act, resolution: Resolution) -> list[Worded]:
    """The text as it stands."""
    found = await act.session.execute(
        select(Clause)
        .where(Clause.resolution_id == resolution.id, Clause.version == resolution.version)
        .order_by(col(Clause.position))
    )
    return [Worded(clause.clause_id, clause.kind, clause.text) for clause in found.scalars()]


async def _freeze(act: Act, resolution: Resolution, clauses: Sequence[Worded]) -> None:
    """Keep the text as it stands now, for good."""
    await act.save(ResolutionVersion.of(resolution))
    rows = [Clause.of(resolution, position, asdict(one)) for position, one in enumerate(clauses, start=1)]
    await act.save(*rows)


# ---------------------------------------------------------------------- sponsors


def _must_gather(resolution: Resolution) -> None:
    if resolution.status not in {ResolutionStatus.GATHERING, ResolutionStatus.SUBMITTED}:
        raise WrongMoment(f"This resolution is {resolution.status.value}; it takes no sponsors.")


async def _own(act: Act, resolution: Resolution) -> Sponsorship | None:
    found = await act.session.execute(
        select(Sponsorship)
        .where(Sponsorship.resolution_id == resolution.id, Sponsorship.term_id == act.acting.term_id)
        .with_for_update()
    )
    return found.scalar()


async def _stand_by(act: Act, resolution: Resolution) -> None:
    """The lead, in person, stands by the text as it is."""
    await _sign(act, resolution, await _own(act, resolution))


async def _sign(act: Act, resolution: Resolution, own: Sponsorship | None) -> None:
    own = own or Sponsorship(
        resolution_id=resolution.id,
        term_id=_own_term(act),
        lead=resolution.term_id == act.acting.term_id,
        version=resolution.version,
    )
    own.version, own.at, own.withdrawn_at = resolution.version, await _now(act), None
    await act.save(own)


async def _recount(act: Act, resolution: Resolution) -> None:
    """Count whoever sponsors the text as it stands. The resolution is locked: no two count at once."""
    found = await act.session.execute(
        select(func.count())
        .select_from(Sponsorship)
        .where(
            Sponsorship.resolution_id == resolution.id,
            Sponsorship.version == resolution.version,
            col(Sponsorship.withdrawn_at).is_(None),
        )
    )
    resolution.sponsor_count = found.scalar_one()
    await act.save(resolution)


def _short_of_sponsors(resolution: Resolution, call: ResolutionCall) -> str:
    missing = call.sponsors_needed - resolution.sponsor_count
    return (
        f"{call.name} asks for {call.sponsors_needed} sponsors of the text as it stands, and this one has "
        f"{resolution.sponsor_count}: {missing} more {'is' if missing == 1 else 'are'} needed. "
        "Who sponsored an earlier text can sponsor it again."
    )


async def _next_number(act: Act, call: ResolutionCall) -> int:
    found = await act.session.execute(
        select(func.max(Resolution.number) + 1).where(Resolution.call_id == call.id)
    )
    return found.scalar_one() or 1


# ---------------------------------------------------------------------- what the acts share


def _own_term(act: Act) -> UUID:
    if act.acting.term_id is None:
        raise AssertionError("policy let somebody through who is no mayor and acts for none")
    return act.acting.term_id


async def _must_be_open(act: Act, call: ResolutionCall) -> None:
    """``WrongMoment`` past the deadline, by the database's clock at this moment of the transaction (rule 8)."""
    if await _now(act) > call.due_at:
        raise WrongMoment(
            f"The deadline of {call.name} was {call.due_in_words()}, and has passed. "
            "The secretariat could move it; write to them."
        )


async def _record(act: Act, resolution: Resolution, notice: type[ResolutionNotice], **said: Any) -> None:
    told = notice.of(resolution, await _office(act, resolution), **said)
    act.record(told, in_office=resolution.opened_at is None)


async def _office(act: Act, resolution: Resolution) -> tuple[UUID, ...]:
    """The accounts that may read its drafts: the lead mayor's, and their staff's with the scope."""
    staff = select(Delegation.account_id).where(
        Delegation.term_id == resolution.term_id,
        Delegation.status == DelegationStatus.ACTIVE,
        literal(Scope.DRAFT_RESOLUTION.value) == any_(col(Delegation.scopes)),
    )
    mayor = select(Term.person_id).where(Term.id == resolution.term_id)
    found = await act.session.execute(
        select(Account.id).where(or_(col(Account.person_id).in_(mayor), col(Account.id).in_(staff)))
    )
    return tuple(found.scalars().all())


async def _now(act: Act) -> datetime:
    moment: datetime = (await act.session.execute(select(func.clock_timestamp()))).scalar_one()
    return moment
