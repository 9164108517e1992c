"""Acts upon groups: founded, edited, joined by invitation or through an open door, left, run by their keepers."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import func, or_, text
from sqlmodel import col, select

from models import ids
from models.accounts import Account
from models.cities import City
from models.delegations import Delegation, DelegationStatus
from models.groups import (
    Confidentiality,
    Group,
    GroupAudience,
    GroupEdited,
    GroupFounded,
    GroupInvitation,
    GroupJoined,
    GroupLeft,
    Membership,
    MembershipStatus,
)
from models.mayors import Term
from models.problems import BadField, Invalid, WrongMoment
from policy import groups as policy
from resolvers.act import Act
from resolvers.writing import line_of

_LONGEST_NAME, _LONGEST_PURPOSE = 120, 1_000


async def create(
    act: Act,
    name: str,
    audience: GroupAudience,
    confidentiality: Confidentiality,
    purpose: str | None = None,
    offices_post: bool | None = None,  # noqa: FBT001 - an input's field
) -> Group:
    """Found a group. Its founder is in it, accepted its rule by choosing it, and keeps it."""
    act.must(policy.found, None)
    group = Group(
        name=line_of(name, "name", _LONGEST_NAME),
        purpose=line_of(purpose or "", "purpose", _LONGEST_PURPOSE, empty=True),
        audience=audience,
        confidentiality=confidentiality,
        offices_post=_offices(offices_post, confidentiality),
        founder_id=act.author,
    )
    await act.save(group)
    membership = _own(act, group)
    await _enter(act, group, membership)
    membership.keeper = True
    await act.save(membership)
    act.record(GroupFounded.of(group, rights=await _accounts(act, membership)), confidential=_secret(group))
    return group


async def edit(
    act: Act,
    group_id: str,
    name: str | None = None,
    purpose: str | None = None,
    offices_post: bool | None = None,  # noqa: FBT001 - an input's field
) -> Group:
    """Give a group other words, or let offices post in it. Whom it is for and its confidentiality stay for good."""
    group = await act.locked(Group, group_id)
    act.must(policy.keep, group)
    if name is not None:
        group.name = line_of(name, "name", _LONGEST_NAME)
    if purpose is not None:
        group.purpose = line_of(purpose, "purpose", _LONGEST_PURPOSE, empty=True)
    if offices_post is not None:
        group.offices_post = _offices(offices_post, group.confidentiality)
    group.revision += 1
    await act.save(group)
    act.record(GroupEdited.of(group), confidential=_secret(group))
    return group


async def join(act: Act, group_id: str, accepts_rule: bool | None = None) -> Group:  # noqa: FBT001 - as above
    """Join a group, accepting its rule where it has one. Joining twice changes nothing."""
    group = await act.locked(Group, group_id)
    act.must(policy.join, group)
    if group.rule and not accepts_rule:
        raise Invalid(BadField("acceptsRule", f"Joining takes accepting the group's rule. {group.rule}"))
    membership = await _membership(act, group, act.acting.principal_id, act.acting.term_id) or _own(
        act, group
    )
    if membership.status is MembershipStatus.REMOVED:
        raise WrongMoment("A keeper took you out of this group; ask one of them to invite you.")
    if membership.status is not MembershipStatus.JOINED or membership.joined_at is None:
        await _enter(act, group, membership)
        await act.save(membership)
        told = GroupJoined.of(membership, await _accounts(act, membership))
        act.tell(told, confidential=_secret(group))
        said = {"notice": "GroupJoined", "group": str(group.id), "accepted": group.rule}
        act.note(membership.id, said, confidential=_secret(group))
    return group


async def leave(act: Act, group_id: str) -> Membership:
    """Leave a group. What one said in it stays. A group's last keeper hands it over first."""
    group = await act.locked(Group, group_id)
    membership = await _membership(act, group, act.acting.principal_id, act.acting.term_id)
    act.must(policy.leave, membership or _own(act, group))
    if membership is None:
        raise WrongMoment("You are not in this group, so there is nothing to leave.")
    await _not_the_last_keeper(act, membership)
    await _out(act, group, membership, "leave")
    return membership


async def invite(act: Act, group_id: str, mayor_ids: list[str], keeper: bool | None = None) -> Group:  # noqa: FBT001 - as above
    """Invite mayors into a group, or make those who are in it its keepers too."""
    group = await act.locked(Group, group_id)
    act.must(policy.keep, group)
    if not 0 < len(mayor_ids) <= _MOST_INVITED:
        raise Invalid(BadField("mayorIds", f"Name 1 to {_MOST_INVITED} mayors."))
    for mayor_id in dict.fromkeys(mayor_ids):
        await _invite(act, group, mayor_id, keeper=bool(keeper))
    return group


async def remove(act: Act, group_id: str, mayor_id: str) -> Group:
    """Take a mayor out of a group; they come back by invitation alone."""
    group = await act.locked(Group, group_id)
    act.must(policy.keep, group)
    term = await _mayor(act, mayor_id, "mayorId")
    membership = await _membership(act, group, term.person_id, term.id)
    if membership is None:
        raise WrongMoment("This mayor is not in the group.")
    await _not_the_last_keeper(act, membership)
    await _out(act, group, membership, "remove")
    return group


_MOST_INVITED = 100
_IN_OFFICE = text("terms.during @> timezone(cities.time_zone, now())\\:\\:date")


def _secret(group: Group) -> bool:
    """Whether even who founds and joins it is nobody's business outside."""
    return group.mayors_only or group.chatham_house or group.audience is GroupAudience.HIDDEN


def _offices(wished: bool | None, confidentiality: Confidentiality) -> bool:  # noqa: FBT001 - as above
    """Offices may post in ordinary groups, unless their founder wished otherwise."""
    if wished and confidentiality is not Confidentiality.ORDINARY:
        raise Invalid(BadField("officesPost", "In a confidential group everyone speaks in person."))
    return confidentiality is Confidentiality.ORDINARY and wished is not False


def _own(act: Act, group: Group) -> Membership:
    """A membership of whoever acts, not yet joined."""
    return Membership(
        group_id=group.id,
        person_id=act.principal,
        term_id=act.acting.term_id,
        status=MembershipStatus.JOINED,
    )


async def _enter(act: Act, group: Group, membership: Membership) -> None:
    now = (await act.session.execute(select(func.clock_timestamp()))).scalar_one()
    if membership.joined_at is not None or membership.status is not MembershipStatus.JOINED:
        membership.move("join")
    membership.joined_at = now
    membership.accepted_rule_at = now if group.rule else None


async def _membership(
    act: Act, group: Group, person_id: UUID | None, term_id: UUID | None
) -> Membership | None:
    found = await act.session.execute(
        select(Membership)
        .where(
            Membership.group_id == group.id,
            Membership.person_id == person_id,
            col(Membership.term_id).is_not_distinct_from(term_id),
        )
        .with_for_update()
    )
    return found.scalar()


async def _invite(act: Act, group: Group, mayor_id: str, *, keeper: bool) -> None:
    term = await _mayor(act, mayor_id, "mayorIds")
    membership = await _membership(act, group, term.person_id, term.id)
    if membership is None:
        membership = Membership(
            group_id=group.id, person_id=term.person_id, term_id=term.id, status=MembershipStatus.INVITED
        )
    elif membership.status is MembershipStatus.JOINED and keeper and not membership.keeper:
        membership.keeper = True
        membership.revision += 1
    elif membership.status in {MembershipStatus.LEFT, MembershipStatus.REMOVED}:
        membership.move("invite")
    else:
        return
    await act.save(membership)
    told = GroupInvitation.of(membership, await _accounts(act, membership))
    act.record(told, confidential=_secret(group))


async def _mayor(act: Act, mayor_id: str, field: str) -> Term:
    found = await act.session.execute(
        select(Term)
        .join(City, col(City.id) == Term.city_id)
        .where(Term.id == ids.read("may", mayor_id), _IN_OFFICE)
    )
    term = found.scalar()
    if term is None:
        raise Invalid(BadField(field, "Name mayors in office; one of these is none, or no longer."))
    return term


async def _out(act: Act, group: Group, membership: Membership, verb: str) -> None:
    membership.move(verb)
    await act.save(membership)
    told = GroupLeft.of(membership, await _accounts(act, membership))
    act.record(told, confidential=_secret(group))


async def _not_the_last_keeper(act: Act, membership: Membership) -> None:
    if not membership.keeper:
        return
    others = await act.session.execute(
        select(func.count())
        .select_from(Membership)
        .outerjoin(Term, col(Term.id) == Membership.term_id)
        .outerjoin(City, col(City.id) == Term.city_id)
        .where(
            Membership.group_id == membership.group_id,
            col(Membership.keeper),
            Membership.id != membership.id,
            # Who has left office is still written down as keeper, and runs nothing.
            or_(col(Membership.term_id).is_(None), _IN_OFFICE),
        )
    )
    if not others.scalar_one():
        raise WrongMoment("A group needs a keeper: make somebody else one before the last one goes.")


async def _accounts(act: Act, membership: Membership) -> tuple[UUID, ...]:
    """Everybody whose rights hang on a membership: the person's own login, and their staff's."""
    staff = select(Delegation.account_id).where(
        Delegation.term_id == membership.term_id, Delegation.status == DelegationStatus.ACTIVE
    )
    found = await act.session.execute(
        select(Account.id).where(
            or_(col(Account.person_id) == membership.person_id, col(Account.id).in_(staff))
        )
    )
    return _each(found.scalars().all())


def _each(accounts: Iterable[UUID]) -> tuple[UUID, ...]:
    return tuple(dict.fromkeys(accounts))
