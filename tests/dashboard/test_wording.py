"""How words of the record look on a page."""

import pytest

from bot.dashboard.wording import said


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("`fetch` can wait for ever", "<code>fetch</code> can wait for ever"),
        ("**Fix** Give it a `timeout`.", "<strong>Fix</strong> Give it a <code>timeout</code>."),
        ("`<script>alert(1)</script>`", "<code>&lt;script&gt;alert(1)&lt;/script&gt;</code>"),
        ("**<img src=x onerror=y>**", "<strong>&lt;img src=x onerror=y&gt;</strong>"),
        ("[link](javascript:x) `open\ncode`", "[link](javascript:x) `open\ncode`"),
        ("2 ** 3 ** 4", "2 ** 3 ** 4"),
        ("`**kwargs` and `**options`", "<code>**kwargs</code> and <code>**options</code>"),
        ("**Pass `**kwargs` on**", "<strong>Pass <code>**kwargs</code> on</strong>"),
        ("**one `open** code", "**one `open** code"),
        (None, ""),
    ],
)
def test_a_finding_shows_its_code_and_nothing_it_was_given(text: str | None, shown: str) -> None:
    assert str(said(text)) == shown
