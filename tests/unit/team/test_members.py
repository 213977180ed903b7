"""Users, their links and their wrong passwords."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from tests.cast import ADA, LEA, MARA, PASSWORD, SAM
from twostroke.team import actions
from twostroke.team.actions import (
    TooManyTriesError,
    UnknownUserError,
    check_password,
    make_sign_in_link,
    use_sign_in_link,
)
from twostroke.team.facts import Role
from twostroke.team.models import SignInLink, User, WrongPassword
from twostroke.team.queries import member_of, members

pytestmark = pytest.mark.django_db


def add(person: object = SAM, password: str | None = None) -> User:
    member = actions.add_user(email=person.email, name=person.name, role=person.role, password=password)  # type: ignore[attr-defined]
    return User.objects.get(pk=member.id)


def tries(email: str, password: str = "wrong", come_from: str = "192.0.2.1") -> User | None:
    return check_password(email=email, password=password, come_from=come_from)


def test_an_address_is_one_user_however_it_is_written() -> None:
    add(SAM)
    again = actions.add_user(email="  SAM@Firm.Example ", name="Sam S.", role=Role.LEADER)
    [sam] = members()
    assert sam == again
    assert (sam.email, sam.name, sam.role) == (SAM.email, "Sam S.", Role.LEADER)


def test_a_user_without_a_password_comes_in_by_a_link_alone() -> None:
    sam = add(SAM)
    assert not sam.has_usable_password()
    for password in ("", "!", "None", sam.password):
        assert tries(SAM.email, password) is None


def test_a_password_survives_a_change_of_name_or_role() -> None:
    add(SAM, PASSWORD)
    actions.add_user(email=SAM.email, name="Samuel", role=Role.ADMIN)
    found = tries(SAM.email, PASSWORD)
    assert found is not None
    assert found.name == "Samuel"


def test_members_are_listed_by_name_and_those_switched_off_are_not() -> None:
    for person in (SAM, ADA, MARA, LEA):
        add(person)
    User.objects.filter(email=MARA.email).update(is_active=False)
    assert [one.name for one in members()] == ["Ada Admin", "Lea Leader", "Sam Sales"]
    assert member_of(User.objects.get(email=SAM.email)) in members()


def test_a_link_is_random_long_and_kept_as_a_digest_alone() -> None:
    add(SAM)
    tokens = {make_sign_in_link(email=SAM.email) for _ in range(5)}
    assert len(tokens) == 5
    assert all(len(token) >= 43 for token in tokens)
    kept = set(SignInLink.objects.values_list("digest", flat=True))
    assert len(kept) == 5
    assert not kept & tokens


def test_a_link_works_once_and_for_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    sam = add(SAM)
    token, late = make_sign_in_link(email=SAM.email), make_sign_in_link(email=SAM.email.upper())
    assert use_sign_in_link(token=token) == sam
    assert use_sign_in_link(token=token) is None
    now = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: now + dt.timedelta(hours=24, seconds=1))
    assert use_sign_in_link(token=late) is None


@pytest.mark.parametrize("token", ["", "x", "0" * 64, "'; DROP TABLE team_user --", "ä" * 40])
def test_a_link_nobody_made_is_nobodys(token: str) -> None:
    add(SAM)
    make_sign_in_link(email=SAM.email)
    assert use_sign_in_link(token=token) is None


def test_a_link_of_somebody_switched_off_meanwhile_is_dead() -> None:
    add(SAM)
    token = make_sign_in_link(email=SAM.email)
    User.objects.update(is_active=False)
    assert use_sign_in_link(token=token) is None
    with pytest.raises(UnknownUserError, match="Nobody here has the address sam@"):
        make_sign_in_link(email=SAM.email)


def test_the_right_password_after_some_wrong_ones_clears_them() -> None:
    add(SAM, PASSWORD)
    for _ in range(actions.TRIES - 1):
        assert tries(SAM.email) is None
    assert tries(SAM.email, PASSWORD) is not None
    assert WrongPassword.objects.count() == 0
    assert tries(SAM.email) is None


def test_wrong_passwords_are_forgotten_after_a_quarter_of_an_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    add(SAM, PASSWORD)
    for _ in range(actions.TRIES):
        tries(SAM.email)
    with pytest.raises(TooManyTriesError, match="Wait 15 minutes, or use a sign-in link"):
        tries(SAM.email, PASSWORD)
    now = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: now + actions.TRIES_FORGOTTEN_AFTER + dt.timedelta(seconds=1))
    assert tries(SAM.email, PASSWORD) is not None


def test_one_place_that_guesses_at_many_addresses_is_stopped_and_others_are_not() -> None:
    now = timezone.now()
    WrongPassword.objects.bulk_create(
        WrongPassword(address=f"{n}", place=actions._digest("192.0.2.1"), at=now)
        for n in range(actions.TRIES_OF_ONE_PLACE)
    )
    add(SAM, PASSWORD)
    with pytest.raises(TooManyTriesError):
        tries(SAM.email, PASSWORD)
    assert tries(SAM.email, PASSWORD, come_from="192.0.2.2") is not None


def test_what_was_tried_is_kept_in_no_readable_form() -> None:
    tries("nobody@elsewhere.example", "secret words", "198.51.100.7")
    [kept] = WrongPassword.objects.values()
    told = str(kept)
    for word in ("nobody", "elsewhere", "secret", "198.51"):
        assert word not in told


def test_old_tries_are_deleted_with_the_next_wrong_one() -> None:
    long_ago = timezone.now() - dt.timedelta(hours=1)
    WrongPassword.objects.create(address="a", place="p", at=long_ago)
    tries("nobody@elsewhere.example")
    assert WrongPassword.objects.filter(at__lte=long_ago).count() == 0


def test_a_new_password_replaces_the_old_one() -> None:
    sam = add(SAM, PASSWORD)
    actions.set_password(member=member_of(sam), password="another long pass phrase")
    assert tries(SAM.email, PASSWORD) is None
    assert tries(SAM.email, "another long pass phrase") is not None


def test_passwords_are_kept_as_argon2id() -> None:
    assert add(SAM, PASSWORD).password.startswith("argon2$argon2id$")


def test_models_say_who_they_are() -> None:
    sam = add(SAM)
    make_sign_in_link(email=SAM.email)
    assert str(sam) == SAM.name
    assert str(SignInLink.objects.get()) == f"sign-in link of {SAM.name}"
    assert User.objects.get_by_natural_key(" SAM@firm.example ") == sam
