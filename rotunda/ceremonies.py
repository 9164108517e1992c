"""What WebAuthn's library says to a browser and checks of its answers; 14 MB that most processes never need."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import orjson
from webauthn import (
    base64url_to_bytes,
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialCreationOptions,
    PublicKeyCredentialDescriptor,
    PublicKeyCredentialRequestOptions,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from portal.api import Ceremony


@dataclass(frozen=True, slots=True)
class Made:
    """A new key, as its device tells of it."""

    credential_id: bytes
    public_key: bytes
    sign_count: int


def to_add(host: str, account: UUID, email: str, name: str, held: Sequence[bytes]) -> Ceremony:
    """For adding a key to an account; one that it holds already is not added twice."""
    return _ceremony(
        generate_registration_options(
            rp_id=host,
            rp_name="Rotunda",
            user_id=account.bytes,
            user_name=email,
            user_display_name=name,
            exclude_credentials=[PublicKeyCredentialDescriptor(id=one) for one in held],
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.REQUIRED,
                user_verification=UserVerificationRequirement.PREFERRED,
            ),
        )
    )


def to_sign_in(host: str) -> Ceremony:
    """For signing in with any key that browsers keep for this host."""
    return _ceremony(generate_authentication_options(rp_id=host))


def made(challenge: str, credential: str, *, host: str, origin: str) -> Made | None:
    """The key that answers the challenge to add one; ``None`` when this is no such answer."""
    try:
        found = verify_registration_response(
            credential=credential,
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=host,
            expected_origin=origin,
        )
    except (WebAuthnException, ValueError):
        return None
    return Made(found.credential_id, found.credential_public_key, found.sign_count)


def proved(
    challenge: str, credential: str, *, host: str, origin: str, public_key: bytes, sign_count: int
) -> int | None:
    """How often the key was used, once it has signed the challenge; ``None`` when it has not."""
    try:
        found = verify_authentication_response(
            credential=credential,
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=host,
            expected_origin=origin,
            credential_public_key=public_key,
            credential_current_sign_count=sign_count,
        )
    except (WebAuthnException, ValueError):
        return None
    return found.new_sign_count


def read(credential: str) -> tuple[bytes, UUID] | None:
    """The key's id, and the account that the device says it is of; ``None`` when it is no answer of a device's."""
    try:
        said = orjson.loads(credential)
        owner = UUID(bytes=base64url_to_bytes(said["response"]["userHandle"]))
        return base64url_to_bytes(said["rawId"]), owner
    except (ValueError, TypeError, KeyError, AttributeError):
        return None


def _ceremony(options: PublicKeyCredentialCreationOptions | PublicKeyCredentialRequestOptions) -> Ceremony:
    return Ceremony(options_to_json(options), bytes_to_base64url(options.challenge))
