"""Who may know of keys, and what may be done about them: each is its account's own, in whatever capacity it acts."""

from models.keys import Passkey, Token, TokenKind
from policy.viewer import Acting

OWN = "{row}.account_id = {viewer.account_id}"
BROWSER = "({row}.kind = 'session' AND {row}.account_id = {viewer.account_id})"
PROGRAM = "({row}.kind = 'api' AND {row}.account_id = {viewer.account_id})"
#: What is still good.
STANDING = "({row}.revoked_at IS NULL AND {row}.expires_at > now())"

READS_ONLY = (
    "This token may read, and not act. Make one that may act on your account page, and use it instead."
)
_THIS_ONE = {
    TokenKind.SESSION: "This is the session you are using. Sign out, and it ends.",
    TokenKind.API: "This is the token you are asking with. End it from your account page.",
}


def make_token(_acting: Acting, asking: Token) -> str | None:
    """Only somebody who has signed in makes tokens: a token that is stolen cannot breed others."""
    if asking.kind is TokenKind.API:
        return "A token makes no tokens. Sign in with a browser, and make it on your account page."
    return None


def end_token(acting: Acting, token: Token) -> str | None:
    """One's own, and not the one in use: whoever asks must be able to read the answer."""
    return _THIS_ONE[token.kind] if token.id == acting.token_id else None


def end_others(_acting: Acting, _account: object) -> str | None:
    """One's own sessions are one's own to end."""
    return None


def remove_passkey(_acting: Acting, _passkey: Passkey) -> str | None:
    """One's own passkeys are one's own to remove: mail is always left as a way in."""
    return None
