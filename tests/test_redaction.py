"""What a secret looks like, what only resembles one, and how long the looking may take.

Every sample is put together here, so that no scanner takes this file for a leak.
"""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.redaction import _SECRETS, MASK, masked, masked_closely, redact

A = "aB3dE5gH7jK9mN1pQ3sT5vW7yZ"
KEY_BODY = "\n".join(["MIIEowIBAAKCAQEA" + A * 2] * 3)
PEM = f"-----BEGIN RSA PRIVATE KEY-----\n{KEY_BODY}\n-----END RSA PRIVATE KEY-----"

WHOLE = {
    "pem": PEM,
    "pem, cut off": PEM[:90],
    "pem, no kind": PEM.replace("RSA ", ""),
    **{f"github {kind}": f"gh{kind}_" + A + "0123456789" for kind in "pousr"},
    "github fine-grained": "github_pat_" + "11" + A * 2 + "_" + A,
    "gitlab": "glpat-" + A[:20],
    "aws": "AKIA" + "IOSFODNN7EXAMPLE",
    "aws session": "ASIA" + "IOSFODNN7EXAMPLE",
    "slack bot": "xoxb-" + "123456789012-" + A,
    "slack webhook": "https://hooks.slack.com/services/" + "T00000000/B00000000/" + A,
    "openai": "sk-" + A + A,
    "openai project": "sk-proj-" + A + A,
    "anthropic": "sk-ant-" + "api03-" + A,
    "stripe": "sk_" + "live_" + A,
    "stripe restricted": "rk_" + "test_" + A,
    "stripe webhook": "whsec_" + A,
    "google": "AIza" + (A + A)[:35],
    "google oauth": "ya29." + A,
    "npm": "npm_" + (A + A)[:36],
    "pypi": "pypi-" + "AgEIcHlwaS5vcmc" + A * 2,
    "sendgrid": "SG." + A + "." + A,
    "digitalocean": "dop_v1_" + "0123456789abcdef" * 4,
    "vault": "hvs." + A,
    "vault batch": "hvb." + A,
    "jwt": "eyJhbGciOiJIUzI1NiJ9" + ".eyJzdWIiOiIxMjM0NTY3ODkwIn0." + A,
}

PARTLY = {
    "url": ("postgresql://seawall:s3cr3tpass@db/seawall", "postgresql://seawall:" + MASK + "@db/seawall"),
    "url without user": ("redis://:s3cr3tpass@cache:6379/0", "redis://:" + MASK + "@cache:6379/0"),
    "assigned": ('password = "hunter2hunter2"', f'password = "{MASK}"'),
    "assigned in yaml": ("db_password: 'hunter2hunter2'", f"db_password: '{MASK}'"),
    "json": ('{"client_secret": "hunter2hunter2"}', f'{{"client_secret": "{MASK}"}}'),
    "api key": ('API_KEY="0123456789abcdef"', f'API_KEY="{MASK}"'),
    "camel": ('accessKeyValue: "0123456789abcdef"', f'accessKeyValue: "{MASK}"'),
}

INNOCENT = (
    "https://api.github.com/repos/acme/checkout/keys{/key_id}",
    "git@github.com:acme/checkout.git",
    "https://mona@github.com/acme/checkout",
    "http://localhost:8080/health",
    'password = os.environ["DB_PASSWORD"]',
    'password = ""',
    'password = "${DB_PASSWORD}"',
    'secret = "<your secret>"',
    "the task-force-of-the-disk-full-incident",
    "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----",
    "ghp_short",
    "npm_config_registry",
    "AKIAlowercaseisnotakey",
    "eyJhbGciOiJIUzI1NiJ9 alone",
    "a" * 5000,
    "",
)


@pytest.mark.parametrize("kind", WHOLE)
def test_a_secret_is_masked_wherever_it_stands(kind: str) -> None:
    secret = WHOLE[kind]
    is_cut = kind == "pem, cut off"
    for before, after in (
        ("", ""),
        ("key: ", ""),
        ("(", "" if is_cut else ")"),
        ("line\n", "" if is_cut else "\nline"),
    ):
        text, count = redact(before + secret + after)
        assert count == 1, text
        assert text == before + MASK + "\n" * secret.count("\n") + after


@pytest.mark.parametrize("kind", PARTLY)
def test_only_the_secret_part_is_masked(kind: str) -> None:
    text, wanted = PARTLY[kind]
    assert redact(text) == (wanted, 1)


@pytest.mark.parametrize("text", INNOCENT, ids=lambda text: text[:40])
def test_what_only_resembles_a_secret_is_left_alone(text: str) -> None:
    assert redact(text) == (text, 0)


def test_line_numbers_stay_as_they_are() -> None:
    text = f'a = 1\nkey = """{PEM}"""\nb = 2\n'
    assert masked(text).count("\n") == text.count("\n")
    assert masked(text).splitlines()[-1] == "b = 2"


def test_masking_twice_is_masking_once() -> None:
    text = "\n".join([*WHOLE.values(), *(text for text, _ in PARTLY.values())])
    once, count = redact(text)
    assert count >= len(WHOLE) - 1  # the key that is cut off runs into the next one
    assert redact(once) == (once, 0)


def test_several_secrets_on_one_line_are_all_masked() -> None:
    text = f"{WHOLE['openai']} {WHOLE['aws']} postgres://u:passw0rd@h {WHOLE['jwt']}"
    assert redact(text) == (f"{MASK} {MASK} postgres://u:{MASK}@h {MASK}", 4)


def test_each_pattern_has_an_anchor_that_its_matches_hold() -> None:
    for anchor, pattern in _SECRETS:
        held = [kind for kind, secret in WHOLE.items() if anchor in secret and masked(secret) != secret]
        assert held or anchor in ("ABIA", "ACCA", "k_test_"), (anchor, pattern)
    assert masked("ABIA" + "IOSFODNN7EXAMPLE") == MASK
    assert masked("ACCA" + "IOSFODNN7EXAMPLE") == MASK


@given(st.text(max_size=300))
def test_any_text_can_be_masked_and_keeps_its_lines(text: str) -> None:
    assert masked(text).count("\n") == text.count("\n")


@pytest.mark.parametrize(
    "piece",
    [
        "eyJ-",
        "eyJaaaaaaaaaaa.",
        ".eyJaaaaaaaaaaa",
        "-SG.aaa",
        "a-SG.",
        'secret = "',
        "password='",
        "secret ",
        "ghp_",
        "-----BEGIN ",
        "-----BEGIN PRIVATE KEY-----\n-----END ",
        "://",
        "@://a:",
        "xoxb-",
        "hvs.",
        "sk-",
        "\"'",
    ],
)
def test_no_text_takes_more_than_linear_time(piece: str) -> None:
    def seconds(length: int) -> float:
        text = piece * (length // len(piece))
        began = time.process_time()
        masked(text)
        return time.process_time() - began

    assert seconds(400_000) < 2  # what grows with the square takes minutes


def test_text_without_secrets_is_passed_quickly() -> None:
    text = '{"url": "https://api.github.com/repos/acme/checkout/pulls/12", "private": false}\n' * 5000
    began = time.process_time()
    assert redact(text)[1] == 0
    assert time.process_time() - began < 0.5


def test_what_looks_drawn_at_random_is_masked_closely() -> None:
    for drawn in ("q7Zp2LxW9vKt" + "4Rb8Ny3Hs6Fd", "wJ7r/XUtn2FEMI+K7" + "MDENG/bPx9fi3CYz8AqT5s", A + "=="):
        assert masked(f"call('{drawn}', 3)") == f"call('{drawn}', 3)", "an id in a log is left alone"
        assert masked_closely(f"call('{drawn}', 3)\nx = 1") == f"call('{MASK}', 3)\nx = 1"
        assert masked_closely(masked_closely(f"key: {drawn}")) == f"key: {MASK}"


@pytest.mark.parametrize(
    "text",
    [
        "getUserAccountByIdentifierV2AndTenant3", "com/acme/billing/InvoiceArchiveRepositoryFactory2Test11",
        "3f786850e387550fdab836ed7e6dc881de23001b", "9E107D9D372BB6826BD81D3542A419D6AB12CD34",
        "sha512-q7Zp2LxW9vKt4Rb8Ny3Hs6Fdq7Zp2LxW9vKt4Rb8Ny3Hs6Fd==", "h1:q7Zp2LxW9vKt4Rb8Ny3Hs6Fdq7Zp2LxW9vKt4Rb8Ny3=",
        "123e4567-e89b-12d3-a456-426614174000", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "q7Zp2LxW9vKt4Rb8",
        "MAX_RETRIES_2_OF_10",
        "2026-09-01T08:00:00.000000+00:00-and-on", "test_that_a_page_of_100_rows_is_read_in_2_steps",
    ],
)  # fmt: skip
def test_names_paths_and_digests_do_not_look_drawn(text: str) -> None:
    assert masked_closely(f'x = "{text}"') == f'x = "{text}"'
