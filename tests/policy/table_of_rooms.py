"""Who may know of which group, read in it, learn who spoke and keep it, written out: one line a role.

For each audience a word of four letters, one a confidentiality: ordinary, mayors only, Chatham House, both.
`.` is nothing; `k` knows of it; `r` reads, and learns neither who spoke nor who is in it; `n` reads and learns both;
`K` keeps it too; `R` keeps it and learns no names.
"""

from tests.policy.rooms import SORTS, Sort

_NOTHING = ("....", "....", "....", "....")
_ACCOUNT = ("n.r.", "....", "....", "....")
_MAYOR = ("nnrr", "nnrr", "kkkk", "....")
_INSIDE = ("nnnn", "nnnn", "nnnn", "nnnn")
#: Staff of a mayor who is in everything, with the scope to read.
_STAFF = ("n.r.", "n.r.", "n.r.", "n.r.")

#: role                         open,   members, invited, hidden
ROOMS: dict[str, tuple[str, str, str, str]] = {
    "visitor":                   _NOTHING,
    "account":                   _ACCOUNT,
    "host":                      _ACCOUNT,
    "account let in":            ("n.n.", "....", "n.n.", "n.n."),
    "account asked in":          ("n.r.", "....", "k.k.", "k.k."),
    "keeper":                    ("KKKK", "KKKK", "KKKK", "KKKK"),
    "mayor A":                   _INSIDE,
    "mayor B":                   _MAYOR,
    "invited mayor":             ("nnrr", "nnrr", "kkkk", "kkkk"),
    "removed mayor":             _MAYOR,
    "mayor who left":            _MAYOR,
    "mayor of no member":        ("nnrr", "....", "....", "...."),
    "mayor of no member let in": ("nnnn", "....", "nnnn", "nnnn"),
    "former mayor":              _ACCOUNT,
    "secretariat":               ("KkRk", "KkRk", "kkkk", "kkkk"),
    "secretariat let in":        ("KkKk", "KkKk", "KkKk", "KkKk"),
    "secretariat for A":         _STAFF,
    "delegate":                  _NOTHING,
    "delegate who reads":        _STAFF,
    "delegate who posts":        _STAFF,
    "delegate with every scope": _STAFF,
    "delegate for one group":    ("....", "....", "n...", "...."),
    "delegate for one event":    _NOTHING,
    "keeper's delegate":         _STAFF,
    "invited mayor's delegate":  ("n.r.", "n.r.", "k.k.", "...."),
    "delegate of no member":     ("n.r.", "....", "n.r.", "n.r."),
    "two for A":                 _STAFF,
    "two for B":                 ("n.r.", "n.r.", "k.k.", "...."),
    "two for oneself":           _ACCOUNT,
    "former mayor's delegate":   _ACCOUNT,
    "revoked":                   _ACCOUNT,
    "past its last day":         _ACCOUNT,
    "not begun":                 _ACCOUNT,
    "invited":                   _ACCOUNT,
}  # fmt: skip


def sorts(role: str, letters: str) -> set[Sort]:
    """The groups for which the role's line has one of these letters."""
    return {sort for sort, letter in zip(SORTS, "".join(ROOMS[role]), strict=True) if letter in letters}


def known(role: str) -> set[Sort]:
    """Groups that are there for this role."""
    return sorts(role, "krnKR")


def read(role: str) -> set[Sort]:
    """Groups whose threads and posts are there."""
    return sorts(role, "rnKR")


def named(role: str) -> set[Sort]:
    """Groups in which who spoke, and who is in them, is told."""
    return sorts(role, "nK")


def kept(role: str) -> set[Sort]:
    """Groups this role keeps: their reports are there."""
    return sorts(role, "KR")


def there(role: str, kind: str) -> set[Sort]:
    """Of which groups a thing of this kind is there; a membership is the keeper's."""
    return {"group": known, "thread": read, "post": read, "membership": named, "report": kept}[kind](role)


YES = None
_SIGN_IN = "Sign in first."
_FOUNDED_BY = "by mayors in office and by the secretariat"
_STAFF_NOT = "cannot be delegated"
_MEMBERS_ONLY = "for member mayors"
_MAYORS_ONLY = "for mayors in office, in person"
_INVITATION = "by invitation"
_KEEPERS = "ask one of them"
_ORDER = "by the group's keepers"
_JOIN_FIRST = "Join it first"
_SCOPE = "needs the scope “post_as_office”"
_IN_PERSON = "mayors speak in person"
_WRITER = "by whoever wrote it"
_STARTER = "by whoever started it"

#: What each rule says to whom: part of the sentence that refuses, or YES. Rules are asked of what is readable; whoever
#: may not know of it was told before that there is none.
#: found; join: members ordinary, members mayors-only, hidden; keep: members ordinary, hidden; speak: members ordinary,
#: members mayors-only, members Chatham House; of a post for A's office by "delegate who posts": edit, delete, hide,
#: resolve its thread; mark as read
RULES_OF_ROOMS: dict[str, tuple[str | None, ...]] = {
    "visitor": (_SIGN_IN,) * 14,
    "account": (_FOUNDED_BY, _MEMBERS_ONLY, _MAYORS_ONLY, _INVITATION, _KEEPERS, _KEEPERS,
                YES, _MAYORS_ONLY, _JOIN_FIRST, _WRITER, _WRITER, _ORDER, _STARTER, YES),
    "keeper": (YES, YES, YES, YES, YES, YES, YES, YES, YES, _WRITER, _WRITER, YES, YES, YES),
    "mayor A": (YES, YES, YES, YES, _KEEPERS, _KEEPERS, YES, YES, YES, _WRITER, YES, _ORDER, _STARTER, YES),
    "mayor B": (YES, YES, YES, _INVITATION, _KEEPERS, _KEEPERS, YES, YES, _JOIN_FIRST, _WRITER, _WRITER, _ORDER,
                _STARTER, YES),
    "invited mayor": (YES, YES, YES, YES, _KEEPERS, _KEEPERS, YES, YES, _JOIN_FIRST, _WRITER, _WRITER, _ORDER,
                      _STARTER, YES),
    "removed mayor": (YES, YES, YES, _INVITATION, _KEEPERS, _KEEPERS, YES, YES, _JOIN_FIRST, _WRITER, _WRITER, _ORDER,
                      _STARTER, YES),
    "mayor of no member": (YES, _MEMBERS_ONLY, _MEMBERS_ONLY, _INVITATION, _KEEPERS, _KEEPERS,
                           YES, YES, _JOIN_FIRST, _WRITER, _WRITER, _ORDER, _STARTER, YES),
    "former mayor": (_FOUNDED_BY, _MEMBERS_ONLY, _MAYORS_ONLY, _INVITATION, _KEEPERS, _KEEPERS,
                     YES, _MAYORS_ONLY, _JOIN_FIRST, _WRITER, _WRITER, _ORDER, _STARTER, YES),
    "secretariat": (YES, YES, _MAYORS_ONLY, _INVITATION, YES, _KEEPERS, YES, _MAYORS_ONLY, _JOIN_FIRST, _WRITER,
                    _WRITER, YES, YES, YES),
    "secretariat let in": (YES, YES, _MAYORS_ONLY, YES, YES, YES, YES, _MAYORS_ONLY, YES, _WRITER, _WRITER, YES, YES,
                           YES),
    "secretariat for A": (*(_STAFF_NOT,) * 6, *(_SCOPE,) * 3, _WRITER, _WRITER, _STAFF_NOT, _STARTER, YES),
    "delegate who reads": (*(_STAFF_NOT,) * 6, *(_SCOPE,) * 3, _WRITER, _WRITER, _STAFF_NOT, _STARTER, YES),
    "delegate who posts": (*(_STAFF_NOT,) * 6, YES, _IN_PERSON, _IN_PERSON, YES, YES, _STAFF_NOT, YES, YES),
    "delegate with every scope": (*(_STAFF_NOT,) * 6, YES, _IN_PERSON, _IN_PERSON, _WRITER, _WRITER, _STAFF_NOT,
                                  _STARTER, YES),
    "delegate for one group": (*(_STAFF_NOT,) * 6, *(_SCOPE,) * 3, _WRITER, _WRITER, _STAFF_NOT, _STARTER, YES),
    "keeper's delegate": (*(_STAFF_NOT,) * 6, YES, _IN_PERSON, _IN_PERSON, _WRITER, _WRITER, _STAFF_NOT, _STARTER,
                          YES),
    "two for oneself": (_FOUNDED_BY, _MEMBERS_ONLY, _MAYORS_ONLY, _INVITATION, _KEEPERS, _KEEPERS,
                        YES, _MAYORS_ONLY, _JOIN_FIRST, _WRITER, _WRITER, _ORDER, _STARTER, YES),
    "revoked": (_FOUNDED_BY, _MEMBERS_ONLY, _MAYORS_ONLY, _INVITATION, _KEEPERS, _KEEPERS,
                YES, _MAYORS_ONLY, _JOIN_FIRST, _WRITER, _WRITER, _ORDER, _STARTER, YES),
}  # fmt: skip
