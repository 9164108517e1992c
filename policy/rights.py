"""What an account may do in the capacity it acts in: what the grant says, and never more than the principal may."""

from uuid import UUID

from models.delegations import Scope
from policy.viewer import Acting

SIGN_IN = "Sign in first."


def lacks_scope(acting: Acting, scope: Scope, subject: UUID | None = None) -> str | None:
    """The sentence that refuses a delegate without ``scope``; ``None`` when the grant covers it."""
    if acting.capacity_kind != "delegation":
        return None
    held = acting.scopes or ()
    if scope not in held:
        listed = ", ".join(sorted(held)) or "nothing"
        return f"Your delegation allows {listed}; this needs the scope “{scope}”. The mayor can grant it to you anew."
    if acting.object_id and acting.object_id != subject:
        return (
            f"Your delegation allows “{scope}” for one event only, and this reaches beyond it. "
            "The mayor can grant it to you anew, without that limit."
        )
    return None


def not_for_staff(acting: Acting, deed: str) -> str | None:
    """The sentence that refuses any delegate what a mayor must do in person."""
    if acting.capacity_kind == "delegation":
        return f"{deed} is the mayor's own to do; it cannot be delegated."
    return None
