"""Secrets are long, for one purpose, and are recognised by nothing but themselves."""

from typing import get_args

from hypothesis import example, given
from hypothesis import strategies as st

from integrations.accounts.secrets import Purpose, digest_of, new_secret

_PURPOSES: tuple[Purpose, ...] = get_args(Purpose)
_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


@given(
    st.text() | st.text("invseky_ \n\x00é", max_size=60) | st.builds("inv_{}".format, st.text(min_size=43, max_size=44))
)
@example("inv_" + "a" * 43 + "\n")
@example("inv_" + "é" * 43)
def test_what_was_never_made_here_is_not_looked_up(text: str) -> None:
    prefix, _, rest = text.partition("_")
    has_the_form = prefix in _PURPOSES and len(rest) == 43 and set(rest) <= set(_ALPHABET)
    digests = [digest_of(purpose, text) for purpose in _PURPOSES]
    assert any(digests) is has_the_form
    assert has_the_form or digests == [None] * len(_PURPOSES)


def test_a_secret_serves_one_purpose_and_its_digest_tells_nothing_of_it() -> None:
    made = {purpose: new_secret(purpose) for purpose in _PURPOSES}
    for purpose, (secret, digest) in made.items():
        rest = secret.removeprefix(f"{purpose}_")
        assert len(rest) == 43 and digest_of(purpose, secret) == digest and rest not in digest
        for other in set(_PURPOSES) - {purpose}:
            assert digest_of(other, secret) is None
            assert digest_of(other, f"{other}_{rest}") != digest
    assert len({new_secret("ses")[0] for _ in range(100)}) == 100
