"""A secret is masked however it is told; what only looks like an encoding is left alone."""

import base64
from collections.abc import Callable
from urllib.parse import quote

import pytest

from bot.redaction import MASK
from bot.review.filter import can_be_suggested, code, safe_code, safe_markdown
from bot.review.retold import masked_however_told
from tests.injection.witness import leaks
from tests.test_redaction import WHOLE

SECRET = "ghp_" + "Qz7Rk2Wm9Tx4" * 3
DRAWN = "q7Rz2Kp9" + "WmX4tB8vNc3L" + "yF6sJd1G"
"""Of no known form: it only looks drawn at random."""
WAYS: dict[str, Callable[[str], str]] = {
    "plain": str,
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "base64 after two letters": lambda text: base64.b64encode(b"xy" + text.encode() + b"z").decode(),
    "base64 for addresses": lambda text: base64.urlsafe_b64encode(b"?>" + text.encode()).decode(),
    "base64 stuck to a word": lambda text: "key" + base64.b64encode(text.encode()).decode(),
    "base64 of it backwards": lambda text: base64.b64encode(text[::-1].encode()).decode(),
    "hex": lambda text: text.encode().hex(),
    "hex in large letters": lambda text: text.encode().hex().upper(),
    "hex with blanks": lambda text: text.encode().hex(" "),
    "hex of a program": lambda text: "".join(f"\\x{byte:02x}" for byte in text.encode()),
    "percent": lambda text: "".join(f"%{byte:02x}" for byte in text.encode()),
    "percent, here and there": lambda text: quote(text, safe="").replace("Q", "%51"),
    "backwards": lambda text: text[::-1],
    "with points": ".".join,
    "with blanks": " ".join,
    "with commas": ", ".join,
    "with signs that do not show": "\u200b".join,
    "backwards with lines": lambda text: "|".join(text[::-1]),
    "over two lines": lambda text: f"{text[:16]}\n{text[16:]}",
    "over lines of a program": lambda text: f"'{text[:10]}' +\n    '{text[10:20]}' +\n    '{text[20:]}'",
    "over lines, backwards": lambda text: f"{text[::-1][:14]}\n{text[::-1][14:]}",
}
ORDINARY = (
    "Commit 3f786850e387550fdab836ed7e6dc881de23001b has sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
    "`getUserAccountByIdentifierAndTenant` calls `com.acme.billing.InvoiceArchiveRepositoryFactory`",
    "path/to/a/very/long/folder/with_many_words/and-more-words/in/it.py",
    "see https://github.com/acme/shop/blob/main/a%20file%20with%20blanks.py",
    "0x00 0x01 0x02 0x03 0x04 0x05 0x06 0x07 0x08 0x09 0x0a 0x0b",
    "a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v, w, x, y, z",
    "=" * 60,
    "The service\nanswers again\nwhatever/happens/here\nand_so_it_goes",
    "UserId1\nOrderId2\nParcelId3\nInvoiceId4\nRefundId5",
    "requests-2.31.0\nurllib3-2.0.7\ncharset-normalizer-3.3.2",
    "`sha512-` of the layer 4f2d9c1be07a6\n8d3e5f7a9b0c1d2e3f4a5b6c",
)


@pytest.mark.parametrize("secret", [SECRET, DRAWN], ids=["of a known form", "drawn at random"])
@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS.keys())
@pytest.mark.parametrize("post", [safe_markdown, safe_code, code], ids=["prose", "block", "span"])
def test_a_secret_is_masked_however_it_is_told(
    way: Callable[[str], str], post: Callable[[str], str], secret: str
) -> None:
    text = post(f"It says {way(secret)} here")
    assert leaks(text, [secret]) == []
    assert MASK.strip("[]") in text
    assert "here" in text


@pytest.mark.parametrize("kind", WHOLE)
@pytest.mark.parametrize("way", ["base64", "base64 stuck to a word", "base64 of it backwards", "hex", "percent"])
def test_a_secret_of_every_form_is_known_in_another_coding(kind: str, way: str) -> None:
    assert masked_however_told(f"It says {WAYS[way](WHOLE[kind])} here") == f"It says {MASK} here"


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS.keys())
def test_lines_that_tell_one_are_not_offered_to_be_committed(way: Callable[[str], str]) -> None:
    assert not can_be_suggested(f"key = '{way(SECRET)}'")


@pytest.mark.parametrize("text", ORDINARY)
def test_what_only_looks_encoded_is_left_alone(text: str) -> None:
    assert masked_however_told(text) == text
