"""Settings: a wrong one is named in one sentence; a missing secret is made and kept."""

from pathlib import Path

import pytest

from rotunda.refusals import StartRefused
from rotunda.settings import UNCOUNTED, Settings, environment_name, load

SECRET = "a-secret-of-more-than-thirty-two-characters"


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for field in Settings.model_fields:
        monkeypatch.delenv(environment_name(field), raising=False)
    monkeypatch.setenv("ROTUNDA_VAR", str(tmp_path / "var"))


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("ROTUNDA_PORT", "eighty"),
        ("ROTUNDA_PORT", "70000"),
        ("ROTUNDA_PUBLIC_URL", "members.example.org"),
        ("ROTUNDA_PUBLIC_URL", "ftp://members.example.org"),
        ("ROTUNDA_SECRET", "short"),
        ("DATABASE_URL", "mysql://root:hunter2@db/rotunda"),
        ("SMTP_URL", "smtp://"),
        ("SMTP_URL", "smtp://mail:hunter2"),
        ("SMTP_URL", "mail:hunter2.example.org"),
        ("ROTUNDA_HEARTBEAT_SECONDS", "0"),
        ("ROTUNDA_LOG_KEPT_DAYS", "0"),
        ("ROTUNDA_SETTLING_SECONDS", "-1"),
        ("ROTUNDA_READERS", "0"),
        ("ROTUNDA_WRITERS", "many"),
    ],
)
def test_a_wrong_setting_is_named_in_one_sentence_without_its_value(
    monkeypatch: pytest.MonkeyPatch, name: str, wrong: str
) -> None:
    monkeypatch.setenv(name, wrong)

    with pytest.raises(StartRefused) as refusal:
        load()

    sentence = str(refusal.value)
    assert sentence.startswith(f"{name} is not right: it should be ")
    assert sentence.count("\n") == 0
    assert "hunter2" not in sentence


def test_an_empty_variable_is_an_unset_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROTUNDA_PORT", "")
    monkeypatch.setenv("DATABASE_URL", "")

    assert load().port == 8000
    assert load().database_url is None


def test_a_made_secret_is_kept_for_its_owner_alone() -> None:
    first, again = load(), load()

    kept = first.folder / "secret"
    assert first.secret == again.secret == kept.read_bytes()
    assert len(first.secret) >= 48
    assert kept.stat().st_mode & 0o777 == 0o600


def test_a_chosen_secret_is_not_written_down(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROTUNDA_SECRET", SECRET)

    settings = load()

    assert settings.secret == SECRET.encode()
    assert not (settings.folder / "secret").exists()
    assert SECRET not in repr(settings)


def test_a_file_in_the_folders_place_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("ROTUNDA_VAR", str(tmp_path / "file"))

    with pytest.raises(StartRefused, match=r"ROTUNDA_VAR names .*/file, and Rotunda cannot write there"):
        load()


def test_the_public_address_follows_from_where_rotunda_listens() -> None:
    assert load().public_url == "http://localhost:8000"
    assert load(host="0.0.0.0", port=81).public_url == "http://localhost:81"  # noqa: S104  # not bound
    assert load(host="::1").public_url == "http://localhost:8000"
    assert load(host="192.0.2.1").public_url == "http://192.0.2.1:8000"
    assert load(host="2001:db8::1").public_url == "http://[2001:db8::1]:8000"


def test_mail_is_kept_only_where_no_server_takes_it(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load().mailbox == load().folder / "mail"

    monkeypatch.setenv("SMTP_URL", "smtp+starttls://rotunda:pass@mail.example.org")

    assert load().mailbox is None


def test_sqlalchemys_spelling_of_a_database_is_understood(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql+asyncpg://mayor@db/rotunda")

    assert load().dsn == "postgresql://mayor@db/rotunda"


@pytest.mark.parametrize(
    "public",
    [{"ROTUNDA_PUBLIC_URL": "https://members.example.org"}, {"ROTUNDA_HOST": "0.0.0.0"}],  # noqa: S104
)
def test_nobody_is_counted_at_home_and_everybody_where_others_come(
    monkeypatch: pytest.MonkeyPatch, public: dict[str, str]
) -> None:
    at_home = load().limits
    for name, value in public.items():
        monkeypatch.setenv(name, value)
    in_public = load().limits

    assert (at_home.account_requests, at_home.account_lines) == (UNCOUNTED, UNCOUNTED)
    assert (in_public.account_requests, in_public.account_lines, in_public.address_lines) == (1_200, 20, 500)


def test_a_number_that_was_chosen_counts_at_home_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROTUNDA_REQUESTS_PER_ACCOUNT", "3")

    assert load().limits.account_requests == 3
