"""Who may read threads and posts, learn who spoke, speak, and keep order."""

from models.delegations import Scope
from models.discussions import Post, Report, Thread
from models.groups import Group
from policy import groups
from policy.rights import SIGN_IN, lacks_scope, not_for_staff
from policy.viewer import Acting

#: Threads and posts, and whatever carries its group's audience and confidentiality.
READABLE = groups.READING

#: Who spoke. Under the Chatham House Rule only those know who are in the room, in person, and accepted it at the door.
AUTHOR = """(NOT {row}.chatham_house OR (coalesce({row}.group_id = ANY ({viewer.rooms}), false)
    AND {viewer.capacity_kind} <> 'delegation'))"""

#: The words of a post: nobody reads what was deleted or hidden.
STANDS = "{row}.stands"

_POST = "EXISTS (SELECT FROM posts said WHERE said.id = {{row}}.post_id AND {})"
#: Earlier versions, as long as their post may be read and stands.
OF_A_POST = _POST.format(f"said.stands AND {READABLE.replace('{row}', 'said')}")

#: Whether a principal's mark is the viewer's own to know: what a mayor says under the Chatham House Rule, even
#: without a word, the mayor's staff are not told.
OWN_MARK = "({viewer.capacity_kind} <> 'delegation' OR " + _POST.format("NOT said.chatham_house") + ")"

#: Reports: for whoever keeps the group.
REPORTS = groups.KEEPING.replace(
    "{row}.audience", "(SELECT g.audience FROM groups g WHERE g.id = {row}.group_id)"
)

#: Whether the viewer wrote it, in the capacity acted in: pages offer to edit only that.
#: Staff must still be allowed to speak for the office.
OWN = """(coalesce({row}.author_id = {viewer.account_id} AND {row}.term_id IS NOT DISTINCT FROM {viewer.term_id}
    AND ({viewer.capacity_kind} <> 'delegation' OR 'post_as_office' = ANY ({viewer.scopes})), false))"""

#: Whether the viewer may take it away: its author, and the mayor for whose office it was written.
DELETABLE = f"({OWN} OR coalesce({{viewer.mayor}} AND {{row}}.term_id = {{viewer.term_id}}, false))"


def speak(acting: Acting, group: Group) -> str | None:
    """Whoever reads the group; an office only where the group lets offices post, under the scope ``post_as_office``."""
    if acting.account_id is None:
        return SIGN_IN
    if acting.capacity_kind == "delegation":
        missing = lacks_scope(acting, Scope.POST_AS_OFFICE, group.id)
        if missing:
            return missing
        return (
            None
            if group.offices_post
            else "In this group mayors speak in person; its keepers could let offices post."
        )
    if group.mayors_only and not acting.mayor:
        return "This group is for mayors in office, in person."
    if group.chatham_house and group.id not in (acting.rooms or ()):
        return "This group keeps the Chatham House Rule. Join it first: that is where the rule is accepted."
    return None


def edit(acting: Acting, post: Post) -> str | None:
    """Whoever wrote it, in the capacity it was written in; staff as long as they may speak for the office."""
    if acting.account_id is None:
        return SIGN_IN
    if post.author_id == acting.account_id and post.term_id == acting.term_id:
        return lacks_scope(acting, Scope.POST_AS_OFFICE, post.group_id)
    return "A post is edited by whoever wrote it, acting as they did then."


def delete(acting: Acting, post: Post) -> str | None:
    """Whoever wrote it, and the mayor for whom it was written."""
    if acting.account_id is None:
        return SIGN_IN
    if post.author_id == acting.account_id and post.term_id == acting.term_id:
        return lacks_scope(acting, Scope.POST_AS_OFFICE, post.group_id)
    if acting.mayor and post.term_id == acting.term_id:
        return None
    return "A post is deleted by whoever wrote it, or by the mayor for whose office it was written. You can report it."


def resolve(acting: Acting, thread: Thread) -> str | None:
    """Whoever started it, and those who keep the group."""
    if acting.account_id is None:
        return SIGN_IN
    if thread.author_id == acting.account_id and thread.term_id == acting.term_id:
        return lacks_scope(acting, Scope.POST_AS_OFFICE, thread.group_id)
    return keep(acting, thread) and "A thread is resolved by whoever started it, or by a keeper of the group."


def keep(acting: Acting, row: Thread | Post | Report) -> str | None:
    """Pinning, locking, hiding: the group's keepers, in person; the secretariat in groups that are not mayors' own."""
    if acting.account_id is None:
        return SIGN_IN
    staff = not_for_staff(acting, "Keeping order in a group")
    if staff:
        return staff
    if row.group_id in (acting.keeps or ()) or (acting.secretariat and not row.mayors_only):
        return None
    return "Order is kept by the group's keepers; you can report a post to them."


def report(acting: Acting, post: Post) -> str | None:
    """Whoever reads it, but for its author."""
    if acting.account_id is None:
        return SIGN_IN
    if post.author_id == acting.account_id and post.term_id == acting.term_id:
        return "This is your own post; edit or delete it instead."
    return None
