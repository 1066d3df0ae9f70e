"""The secret of a key: how much of it is chance, and that typing errors are caught before any look-up."""

import math
from typing import Any

from django.test import override_settings
from hypothesis import given, settings
from hypothesis import strategies as st

from keys import secrets
from keys.actors import actor_for_bearer
from keys.models import Key
from tests.factories import KeyFactory
from tests.world import World

laws = settings(derandomize=True, database=None, max_examples=300)
kinds = st.sampled_from(sorted(secrets.LETTERS))
place = st.integers(5, 5 + secrets.RANDOM_LENGTH + secrets.CHECK_LENGTH - 1)


def test_a_secret_holds_190_bits_of_chance() -> None:
    assert len(set(secrets.ALPHABET)) == 62
    assert secrets.RANDOM_LENGTH * math.log2(62) > 190
    made = [secrets.make("personal") for _ in range(500)]
    assert len(set(made)) == len(made)
    drawn = "".join(secret[5 : 5 + secrets.RANDOM_LENGTH] for secret in made)
    counts = [drawn.count(letter) for letter in secrets.ALPHABET]
    mean = len(drawn) / 62
    assert all(abs(count - mean) < 7 * math.sqrt(mean) for count in counts)  # every letter, about equally often


def test_the_kind_can_be_read_off() -> None:
    for kind, letter in secrets.LETTERS.items():
        assert secrets.make(kind).startswith(f"sk-{letter}_")
        assert secrets.is_well_formed(secrets.make(kind))


@laws
@given(kind=kinds, at=place, letter=st.sampled_from(secrets.ALPHABET))
def test_one_wrong_letter_is_caught(kind: str, at: int, letter: str) -> None:
    secret = secrets.make(kind)
    typed = secret[:at] + letter + secret[at + 1 :]
    assert secrets.is_well_formed(typed) == (typed == secret)


@laws
@given(kind=kinds, at=st.integers(5, 5 + secrets.RANDOM_LENGTH + secrets.CHECK_LENGTH - 2))
def test_two_swapped_letters_are_caught(kind: str, at: int) -> None:
    secret = secrets.make(kind)
    typed = secret[:at] + secret[at + 1] + secret[at] + secret[at + 2 :]
    assert secrets.is_well_formed(typed) == (typed == secret)


@laws
@given(text=st.text(max_size=60))
def test_anything_can_be_asked_about(text: str) -> None:
    for junk in (text, f"sk-{text}", secrets.make("personal") + text):
        assert secrets.is_well_formed(junk) in (True, False)
        assert len(secrets.digest(junk)) == 64
    assert not secrets.is_well_formed(f"sk-u_{text}"[:42])


def test_other_letters_that_look_alike_are_not_ours() -> None:
    secret = secrets.make("personal")
    assert not secrets.is_well_formed(secret.replace(secret[10], "а"))
    assert not secrets.is_well_formed(f"sk-x_{secret[5:]}")
    assert not secrets.is_well_formed(secret.upper())


def test_the_hash_hangs_on_the_pepper_and_the_secret() -> None:
    secret, other = secrets.make("personal"), secrets.make("personal")
    with override_settings(KEY_PEPPER="one"):
        first = secrets.digest(secret)
        assert first == secrets.digest(secret) != secrets.digest(other)
    with override_settings(KEY_PEPPER="two"):
        assert secrets.digest(secret) != first
    assert secret not in first


def test_only_the_hash_is_stored(cast: World) -> None:
    key = KeyFactory(user=cast.member)
    stored = " ".join(map(str, Key.objects.filter(pk=key.pk).values_list().get()))
    assert key.secret not in stored
    assert key.secret[5:-4] not in stored
    assert secrets.digest(key.secret) in stored


def test_junk_costs_no_query(cast: World, django_assert_num_queries: Any) -> None:
    import pytest

    from keys.actors import AuthenticationFailed
    from rbacadmin.policy import Origin

    good = cast.here.keys["member_team"].secret
    with django_assert_num_queries(0):
        for junk in (
            "",
            "x",
            "sk-",
            "sk-1235",
            good[:-1] + ("0" if good[-1] != "0" else "1"),
            "sk-u_" + "a" * 38,
            "\ud800",
        ):
            with pytest.raises(AuthenticationFailed) as caught:
                actor_for_bearer(junk, Origin())
            assert not junk or len(junk) < 5 or junk not in str(caught.value)
