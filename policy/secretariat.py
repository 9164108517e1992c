"""Who may say who belongs to the secretariat: the secretariat itself."""

from models.accounts import Account
from policy.accounts import READABLE
from policy.rights import SIGN_IN
from policy.viewer import Acting

__all__ = ["READABLE", "appoint"]


def appoint(acting: Acting, _account: Account) -> str | None:
    """Appointing and dismissing is the secretariat's, and never a delegate's."""
    if acting.account_id is None:
        return SIGN_IN
    return None if acting.secretariat else "The secretariat says who belongs to it; write to them."
