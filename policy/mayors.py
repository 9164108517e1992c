"""Who may know of mayors, and who may change what is said of them."""

from uuid import UUID

from models.delegations import Scope
from models.mayors import Term
from policy.rights import SIGN_IN, lacks_scope
from policy.viewer import Acting

READABLE = "true"

#: Whether the viewer may keep this mayor's profile: the answer that pages show, and ``update_profile`` explains.
KEEPABLE = """coalesce({viewer.secretariat} OR ({row}.id = {viewer.term_id}
    AND ({viewer.capacity_kind} <> 'delegation' OR 'profile' = ANY({viewer.scopes}))
    AND coalesce({viewer.object_id} = {row}.id, true)), false)"""

#: Who last kept a profile, by name: for the mayor's own office and the secretariat. Staff are not shown to strangers.
KEPT_BY = "coalesce({viewer.secretariat} OR {row}.subject = {viewer.term_id}, false)"


def update_profile(acting: Acting, term: Term) -> str | None:
    """The mayor and whoever holds the scope ``profile``; the secretariat for anyone."""
    if acting.account_id is None:
        return SIGN_IN
    if acting.secretariat:
        return None
    if acting.term_id != term.id:
        return "A profile is kept by its mayor, or by staff to whom the mayor granted the scope “profile”."
    return lacks_scope(acting, Scope.PROFILE, term.id)


def manage_terms(acting: Acting, city_id: UUID) -> str | None:  # noqa: ARG001 - every rule is given its subject
    """Opening and ending terms is the secretariat's."""
    return (
        None
        if acting.secretariat
        else "Terms of office are opened and ended by the secretariat; write to them."
    )
