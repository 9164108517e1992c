"""Who may know of what, written out: one line a role. The tests hold every way of reading to these lines."""

from dataclasses import dataclass

_PUBLIC = {"public of nobody", "public of the host", "public of A"}
_MEMBERS = _PUBLIC | {"members of nobody", "members of the host", "members of A"}
_EVERYTHING = _MEMBERS | {"draft of nobody", "draft of the host", "draft of A", "the one draft"}
_STAFF_OF_A = {
    "delegate", "delegate for profiles", "delegate for sessions", "delegate for one session", "invited", "expired",
    "past its last day", "not begun", "revoked", "left", "two for A", "secretariat for A",
}  # fmt: skip
_ALL_GRANTS = _STAFF_OF_A | {"former mayor's delegate", "two for B"}
_HOSTS = {"host", "mayor A"}


@dataclass(frozen=True)
class Knows:
    """What a role may know of: events by sort, grants by holder, accounts and their addresses by name, contact data."""

    events: set[str]
    grants: set[str]
    addresses: set[str]
    contact: bool = False

    @property
    def accounts(self) -> set[str]:
        """Accounts: those whose address one may see, and whoever hosts something announced."""
        return self.addresses | _HOSTS


def _staff(holder: str, events: set[str]) -> Knows:
    """Staff at work: their own grant and address, and what members see."""
    return Knows(events, {holder}, {holder}, contact=True)


def _ended(holder: str) -> Knows:
    """Whose grant holds no more, or not yet: they still see it."""
    return Knows(_PUBLIC, {holder}, {holder})


_HOSTED = {"members of the host", "draft of the host"}
_SESSIONS_OF_A = {"draft of A", "the one draft"}

TABLE = {
    # role                        events, grants, addresses, contact data
    "visitor":                  Knows(_PUBLIC, set(), set()),
    "account":                  Knows(_PUBLIC, set(), {"account"}),
    "mayor A":                  Knows(_MEMBERS | _SESSIONS_OF_A, _STAFF_OF_A, {"mayor A"} | _STAFF_OF_A, contact=True),
    "mayor B":                  Knows(_MEMBERS, {"two for B"}, {"mayor B", "two for B"}, contact=True),
    "mayor of no member":       Knows(_PUBLIC, set(), {"mayor of no member"}),
    "former mayor":             Knows(_PUBLIC, set(), {"former mayor"}),
    "host":                     Knows(_PUBLIC | _HOSTED, set(), {"host"}),
    "secretariat":              Knows(_EVERYTHING, _ALL_GRANTS, {"everybody"}, contact=True),
    "secretariat for A":        _staff("secretariat for A", _MEMBERS),
    "delegate":                 _staff("delegate", _MEMBERS),
    "delegate for profiles":    _staff("delegate for profiles", _MEMBERS),
    "delegate for sessions":    _staff("delegate for sessions", _MEMBERS | _SESSIONS_OF_A),
    "delegate for one session": _staff("delegate for one session", _MEMBERS | {"the one draft"}),
    "two for A":                Knows(_MEMBERS, {"two for A"}, {"two for A"}, contact=True),
    "two for B":                Knows(_MEMBERS, {"two for B"}, {"two for A"}, contact=True),
    "two for oneself":          Knows(_PUBLIC, {"two for A", "two for B"}, {"two for A"}),
    "invited":                  _ended("invited"),
    "expired":                  _ended("expired"),
    "past its last day":        _ended("past its last day"),
    "not begun":                _ended("not begun"),
    "revoked":                  _ended("revoked"),
    "left":                     _ended("left"),
    "former mayor's delegate":  _ended("former mayor's delegate"),
}  # fmt: skip

YES = None
_SIGN_IN = "Sign in first."
_FOR_ONESELF = "acting for yourself"
_NOT_FOR_STAFF = "cannot be delegated"
_SCOPE = "this needs the scope “"
_ANOTHER = "for one event only, and this reaches beyond it"
_THE_HOST = "Only the event's host and the secretariat"
_HOSTS_ONLY = "by their hosts and the secretariat"
_BY_THE_MAYOR = "by the mayor who gave it"
_KEPT_BY = "kept by its mayor, or by staff"

#: What each rule says to whom: part of the sentence that refuses, or YES.
#: move an event of A, move one of the host, draft one, invite, revoke a grant of A, keep A's profile
RULES: dict[str, tuple[str | None, ...]] = {
    "visitor":                  (_SIGN_IN, _SIGN_IN, _SIGN_IN, _SIGN_IN, _BY_THE_MAYOR, _SIGN_IN),
    "account":                  (_THE_HOST, _THE_HOST, _HOSTS_ONLY, _FOR_ONESELF, _BY_THE_MAYOR, _KEPT_BY),
    "mayor A":                  (YES, _THE_HOST, YES, YES, YES, YES),
    "mayor B":                  (_THE_HOST, _THE_HOST, _HOSTS_ONLY, YES, _BY_THE_MAYOR, _KEPT_BY),
    "mayor of no member":       (_THE_HOST, _THE_HOST, _HOSTS_ONLY, YES, _BY_THE_MAYOR, _KEPT_BY),
    "former mayor":             (_THE_HOST, _THE_HOST, _HOSTS_ONLY, _FOR_ONESELF, _BY_THE_MAYOR, _KEPT_BY),
    "host":                     (_THE_HOST, YES, YES, _FOR_ONESELF, _BY_THE_MAYOR, _KEPT_BY),
    "secretariat":              (YES, YES, YES, _FOR_ONESELF, YES, YES),
    "secretariat for A":        (_SCOPE, _THE_HOST, _SCOPE, _NOT_FOR_STAFF, _NOT_FOR_STAFF, _SCOPE),
    "delegate":                 (_SCOPE, _THE_HOST, _SCOPE, _NOT_FOR_STAFF, _NOT_FOR_STAFF, _SCOPE),
    "delegate for profiles":    (_SCOPE, _THE_HOST, _SCOPE, _NOT_FOR_STAFF, _NOT_FOR_STAFF, YES),
    "delegate for sessions":    (YES, _THE_HOST, YES, _NOT_FOR_STAFF, _NOT_FOR_STAFF, _SCOPE),
    "delegate for one session": (_ANOTHER, _THE_HOST, _ANOTHER, _NOT_FOR_STAFF, _NOT_FOR_STAFF, _SCOPE),
    "two for A":                (_SCOPE, _THE_HOST, _SCOPE, _NOT_FOR_STAFF, _NOT_FOR_STAFF, _SCOPE),
    "two for B":                (_THE_HOST, _THE_HOST, _HOSTS_ONLY, _NOT_FOR_STAFF, _NOT_FOR_STAFF, _KEPT_BY),
    "two for oneself":          (_THE_HOST, _THE_HOST, _HOSTS_ONLY, _FOR_ONESELF, _BY_THE_MAYOR, _KEPT_BY),
    "revoked":                  (_THE_HOST, _THE_HOST, _HOSTS_ONLY, _FOR_ONESELF, _BY_THE_MAYOR, _KEPT_BY),
    "past its last day":        (_THE_HOST, _THE_HOST, _HOSTS_ONLY, _FOR_ONESELF, _BY_THE_MAYOR, _KEPT_BY),
}  # fmt: skip
