"""Who may know of a look, and move it: whoever looked, while acting for the same principal as then."""

from policy.rights import SIGN_IN
from policy.viewer import Acting

#: How far one has read is nobody else's business, and what was read for one mayor says nothing of another.
READABLE = "({row}.account_id = {viewer.account_id} AND {row}.capacity_id = {viewer.capacity_id})"

#: The position looked through, as SQL; 0 for whoever never looked.
SEEN = """coalesce((SELECT l.pos FROM looks l
    WHERE l.account_id = {viewer.account_id} AND l.capacity_id = {viewer.capacity_id}), 0)"""


def mark(acting: Acting, _look: object) -> str | None:
    """Whoever is signed in keeps marks of their own."""
    return SIGN_IN if acting.account_id is None else None
