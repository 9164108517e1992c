"""Mail: one letter, by SMTP or into the mailbox folder."""

import re
from datetime import date
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from models.delegations import Scope
from notifications.letters import IN_PLAIN_WORDS, TEMPLATES, DelegationInvited, SignIn
from notifications.mail import NotSent, Post
from tests.conftest import SmtpPeer

PUBLIC = "https://members.example.org"
LINK = f"{PUBLIC}/sign-in/redeem?secret=" + "s" * 64


def a_sign_in(*, to: str = "mayor@alexandria-va.example", about: str = "7") -> SignIn:
    return SignIn(to=to, about=about, link=LINK, code="048213")


def an_invitation(*, inviter: str = "Mayor Renée Ortiz", city: str = "Alexandria") -> DelegationInvited:
    return DelegationInvited(
        to="staff@alexandria-va.example",
        about="del_1",
        inviter=inviter,
        city=city,
        scopes=[Scope.RSVP, Scope.REGISTER],
        code="quiet-river-seven",
        ends_on=date(2031, 6, 30),
    )


def plain(message: EmailMessage) -> str:
    body = message.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def html(message: EmailMessage) -> str:
    body = message.get_body(("html",))
    assert body is not None
    return str(body.get_content())


async def test_a_letter_reaches_the_server_with_text_before_html(smtp_peer: SmtpPeer) -> None:
    await Post(public_url=PUBLIC, smtp_url=smtp_peer.url).send(a_sign_in())

    [message] = smtp_peer.messages
    assert smtp_peer.recipients == [["mayor@alexandria-va.example"]]
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["From"] == "Rotunda <no-reply@members.example.org>"


async def test_the_code_and_the_link_stand_on_lines_of_their_own(smtp_peer: SmtpPeer) -> None:
    await Post(public_url=PUBLIC, smtp_url=smtp_peer.url).send(a_sign_in())

    lines = plain(smtp_peer.messages[0]).splitlines()
    assert LINK in lines
    assert "048213" in lines


async def test_sending_again_is_recognised_as_the_same_letter() -> None:
    post = Post(public_url=PUBLIC)

    first, again = post.written(a_sign_in()), post.written(a_sign_in())

    assert first["Message-ID"] == again["Message-ID"] == "<sign_in.7@members.example.org>"


async def test_an_invitation_says_who_and_what_in_plain_words() -> None:
    message = Post(public_url=PUBLIC).written(an_invitation())

    text = plain(message)
    assert message["Subject"] == "Mayor Renée Ortiz of Alexandria asks you to act on their behalf"
    assert "- answer invitations for the mayor\n" in text
    assert "until 30 June 2031" in text
    assert f"{PUBLIC}/delegations/accept?code=quiet-river-seven" in text.splitlines()


async def test_every_letter_wears_the_colours_of_the_portal() -> None:
    tokens = (TEMPLATES.parents[1] / "portal/static/tokens.css").read_text()
    ours = set(re.findall(r"#[0-9a-f]{6}", tokens.split("@media")[0]))

    worn = {
        file: set(re.findall(r"#[0-9a-f]{3,6}", file.read_text())) for file in TEMPLATES.glob("*/body.html")
    }

    assert len(worn) > 2
    assert {file.parent.name: colours - ours for file, colours in worn.items() if colours - ours} == {}


def test_every_scope_has_plain_words() -> None:
    assert set(IN_PLAIN_WORDS) == set(Scope)


async def test_a_name_cannot_write_html() -> None:
    message = Post(public_url=PUBLIC).written(an_invitation(inviter="<img src=x>"))

    assert "<img" not in html(message)
    assert "&lt;img src=x&gt;" in html(message)


@pytest.mark.parametrize(
    "address",
    [
        "a@b.example\r\nBcc: c@d.example",
        "a@b.example, c@d.example",
        "Name <a@b.example>",
        "a@b.example\n",
        "nobody",
        "",
    ],
)
async def test_an_address_cannot_carry_another_header_or_reader(address: str, tmp_path: Path) -> None:
    with pytest.raises(NotSent):
        await Post(public_url=PUBLIC, mailbox=tmp_path / "mail").send(a_sign_in(to=address))

    assert not (tmp_path / "mail").exists()


async def test_a_name_cannot_begin_another_header() -> None:
    with pytest.raises(NotSent, match="more than one line"):
        Post(public_url=PUBLIC).written(an_invitation(city="Alexandria\r\nBcc: c@d.example"))


async def test_without_a_server_letters_lie_in_the_folder_in_the_order_they_came(tmp_path: Path) -> None:
    mailbox = tmp_path / "mail"
    post = Post(public_url="http://127.0.0.1:8000", mailbox=mailbox)
    for number in range(3):
        await post.send(a_sign_in(about=str(number)))

    files = sorted(mailbox.iterdir())
    ids = [message_from_bytes(file.read_bytes(), policy=policy.default)["Message-ID"] for file in files]
    assert ids == [f"<sign_in.{number}@rotunda.example>" for number in range(3)]
    assert mailbox.stat().st_mode & 0o777 == 0o700
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}


async def test_a_refusal_of_the_server_is_told(smtp_peer: SmtpPeer) -> None:
    smtp_peer.refusal = "550 no such mayor"

    with pytest.raises(NotSent, match="no such mayor"):
        await Post(public_url=PUBLIC, smtp_url=smtp_peer.url).send(a_sign_in())


async def test_a_server_that_is_away_is_told() -> None:
    with pytest.raises(NotSent):
        await Post(public_url=PUBLIC, smtp_url="smtp://127.0.0.1:1").send(a_sign_in())
