"""What each act is judged by, so that anybody can be told what they may do before they try."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from types import SimpleNamespace
from typing import Any, TypeVar, cast
from uuid import UUID

from sqlmodel import SQLModel

from models.accounts import Account
from models.delegations import Delegation, Scope
from models.discussions import Post, Thread
from models.events import Event
from models.groups import Confidentiality, Group, GroupAudience, Membership
from models.keys import Passkey, Token, TokenKind
from models.mayors import Term
from models.resolutions import Resolution
from policy import (
    delegations,
    discussions,
    events,
    groups,
    keys,
    looks,
    mayors,
    readings,
    resolutions,
    secretariat,
)
from policy.rights import SIGN_IN
from policy.viewer import Acting

Rule = Callable[[Acting, Any], str | None]
Row = TypeVar("Row", bound=SQLModel)

#: No row has it: what stands in where the viewer has nothing of their own.
_NOBODY = UUID(int=0)


def _some(rows: type[Row], **known: Any) -> Row:
    """A row that is in no table, of which a rule may see only what is known.

    It is none of the ORM's: that keeps a book on each of its rows, and a page asks what one may do of forty.
    """
    return cast("Row", SimpleNamespace(**{**_blank(rows), **known}))


@cache
def _blank(rows: type[SQLModel]) -> Mapping[str, Any]:
    """What a new row of a table has before anything is said of it."""
    return rows().model_dump()


def _nothing(_acting: Acting) -> None:
    return None


def _own_event(acting: Acting) -> Event:
    return _some(Event, id=acting.object_id or _NOBODY, host_id=acting.host_id or acting.principal_host_id)


def _given(acting: Acting) -> Delegation:
    return _some(Delegation, term_id=acting.term_id or _NOBODY)


def _held(acting: Acting) -> Delegation:
    return _some(Delegation, account_id=acting.account_id)


def _own_term(acting: Acting) -> Term:
    return _some(Term, id=acting.term_id or _NOBODY)


def _session(_acting: Acting) -> Token:
    return _some(Token, id=_NOBODY, kind=TokenKind.SESSION)


def _token(_acting: Acting) -> Token:
    return _some(Token, id=_NOBODY, kind=TokenKind.API)


def _open_group(_acting: Acting) -> Group:
    return _some(
        Group,
        id=_NOBODY,
        audience=GroupAudience.OPEN,
        confidentiality=Confidentiality.ORDINARY,
        mayors_only=False,
        chatham_house=False,
        offices_post=True,
    )


def _kept_group(acting: Acting) -> Group:
    kept = _open_group(acting)
    kept.id = next(iter(acting.keeps or ()), _NOBODY)
    return kept


def _kept_thread(acting: Acting) -> Thread:
    return _some(Thread, group_id=_kept_group(acting).id, mayors_only=False)


def _own_thread(acting: Acting) -> Thread:
    return _some(
        Thread, group_id=_NOBODY, mayors_only=False, author_id=acting.account_id, term_id=acting.term_id
    )


def _own_post(acting: Acting) -> Post:
    return _some(Post, group_id=_NOBODY, author_id=acting.account_id, term_id=acting.term_id)


def _anothers_post(_acting: Acting) -> Post:
    return _some(Post, group_id=_NOBODY, author_id=_NOBODY)


def _led_resolution(acting: Acting) -> Resolution:
    return _some(Resolution, term_id=acting.term_id or _NOBODY)


def _own_membership(acting: Acting) -> Membership:
    return _some(Membership, person_id=acting.principal_id, term_id=acting.term_id)


@dataclass(frozen=True)
class Judged:
    """An act's rule, and the thing that a viewer has most right to do it to: an event they host, a grant they gave."""

    rule: Rule
    most_own: Callable[[Acting], Any] = _nothing


#: By the mutation's name. ``Act.must`` holds the acts to it: there is no second list of who may what.
JUDGED: Mapping[str, Judged] = {
    "createEvent": Judged(events.create),
    **{
        verb: Judged(events.move, _own_event)
        for verb in (
            "editEvent",
            "saveTheDate",
            "scheduleEvent",
            "postponeEvent",
            "rescheduleEvent",
            "moveEventOnline",
            "cancelEvent",
            "holdEvent",
        )
    },
    "inviteDelegate": Judged(delegations.invite),
    "acceptDelegation": Judged(delegations.accept, _held),
    "narrowDelegation": Judged(delegations.narrow, _given),
    "revokeDelegation": Judged(delegations.revoke, _given),
    "leaveDelegation": Judged(delegations.leave, _held),
    "openTerm": Judged(mayors.manage_terms),
    "endTerm": Judged(mayors.manage_terms, _own_term),
    "updateProfile": Judged(mayors.update_profile, _own_term),
    "appointSecretariat": Judged(secretariat.appoint, lambda _: _some(Account)),
    "dismissSecretariat": Judged(secretariat.appoint, lambda _: _some(Account)),
    "markSeen": Judged(looks.mark),
    "createToken": Judged(keys.make_token, _session),
    "revokeToken": Judged(keys.end_token, _token),
    "revokeSession": Judged(keys.end_token, _session),
    "signOutEverywhere": Judged(keys.end_others),
    "createGroup": Judged(groups.found),
    "joinGroup": Judged(groups.join, _open_group),
    "leaveGroup": Judged(groups.leave, _own_membership),
    **{act: Judged(groups.keep, _kept_group) for act in ("editGroup", "inviteToGroup", "removeFromGroup")},
    **{act: Judged(discussions.speak, _open_group) for act in ("startThread", "reply", "react", "unreact")},
    "editPost": Judged(discussions.edit, _own_post),
    "deletePost": Judged(discussions.delete, _own_post),
    "reportPost": Judged(discussions.report, _anothers_post),
    "resolveThread": Judged(discussions.resolve, _own_thread),
    **{
        act: Judged(discussions.keep, _kept_thread)
        for act in ("pinThread", "lockThread", "hidePost", "showPost", "dismissReport")
    },
    **{
        act: Judged(readings.mark)
        for act in ("markRead", "markGroupRead", "keepUnread", "heedThread", "heedGroup")
    },
    **{act: Judged(resolutions.call) for act in ("callForResolutions", "moveDeadline")},
    "draftResolution": Judged(resolutions.draft),
    "editResolution": Judged(resolutions.edit, _led_resolution),
    **{act: Judged(resolutions.sponsor) for act in ("sponsorResolution", "withdrawSponsorship")},
    **{
        act: Judged(resolutions.lead, _led_resolution)
        for act in ("gatherSponsors", "submitResolution", "withdrawResolution")
    },
    "removePasskey": Judged(keys.remove_passkey, lambda _: _some(Passkey)),
}


def scope_of(act: str) -> Scope | None:
    """The scope with which a delegate may do what the mayor may, found by asking the act's own rule for each."""
    mayor = UUID(int=1)
    least = Acting(
        account_id=UUID(int=2),
        capacity_kind="delegation",
        term_id=mayor,
        principal_host_id=mayor,
        member=True,
        acts=True,
    )
    if refusal(least, act) is None:
        return None
    held = (replace(least, scopes=(scope,), host_id=mayor) for scope in Scope)
    return next((Scope(one.scopes[0]) for one in held if one.scopes and refusal(one, act) is None), None)


def refusal(acting: Acting, act: str) -> str | None:
    """The sentence that would refuse this act even to what is most one's own; ``None`` where it can be done."""
    if acting.account_id is None:
        return SIGN_IN
    if not acting.acts:
        return keys.READS_ONLY
    judged = JUDGED[act]
    return judged.rule(acting, judged.most_own(acting))
