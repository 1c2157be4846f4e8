"""The rules' pages come from a process of their own, once for each version."""

import json
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from bot.dashboard.rule_pages import FILE, RulePages, version_of_rules
from bot.errors import GuardError

PAGE = """# a/b

Severity high · Go

## What it finds
A `call` that
waits. For ever.

```go
<script>x</script>
```
<b>raw</b>
"""
MADE = json.dumps([{"name": "a/b", "severity": "high", "languages": ["Go"], "page": PAGE}])


def test_a_page_is_made_once_and_read_from_its_file_later(tmp_path: Path) -> None:
    made: list[str] = []

    def make() -> str:
        made.append("made")
        return MADE

    for _ in range(2):
        pages = RulePages(tmp_path, make, "v1")
        assert pages.all()["a/b"].severity == "high"
        assert pages.all() is pages.all()
    assert made == ["made"]
    assert RulePages(tmp_path, make, "v2").all()
    assert len(made) == 2


@pytest.mark.parametrize("kept", ["", "[]", '{"version": "v1"}', '{"version": "v1", "pages": [1]}', "{"])
def test_a_broken_file_is_made_anew(tmp_path: Path, kept: str) -> None:
    (tmp_path / FILE).write_text(kept)
    assert RulePages(tmp_path, lambda: MADE, "v1").all().keys() == {"a/b"}


def test_where_nothing_can_be_kept_the_pages_are_there_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert RulePages(tmp_path / "file" / "under", lambda: MADE, "v1").all()


def test_what_could_not_be_made_is_tried_again(tmp_path: Path) -> None:
    answers = iter([GuardError("away"), MADE])

    def make() -> str:
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    pages = RulePages(tmp_path, make, "v1")
    with pytest.raises(GuardError):
        pages.all()
    assert pages.all()


def test_pages_that_another_request_has_made_are_not_waited_for_without_an_end(tmp_path: Path) -> None:
    begun, may_end = threading.Event(), threading.Event()

    def make() -> str:
        begun.set()
        may_end.wait(60)
        return MADE

    pages = RulePages(tmp_path, make, "v1", waited_s=0.01)
    first = threading.Thread(target=pages.all)
    first.start()
    assert begun.wait(60)
    with pytest.raises(GuardError, match="being made"):
        pages.all()
    may_end.set()
    first.join(60)
    assert pages.all()


def test_a_page_as_html_holds_no_html_of_its_own(tmp_path: Path) -> None:
    page = RulePages(tmp_path, lambda: MADE, "v1").all()["a/b"]
    assert page.finds == "A call that waits."
    assert page.html.startswith("<h2>What it finds</h2>")
    assert "&lt;script&gt;x&lt;/script&gt;" in page.html
    assert "<b>" not in page.html
    assert '<pre tabindex="0"><code class="language-go">' in page.html


def test_the_rules_are_another_version_when_a_file_of_theirs_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    before = version_of_rules()
    assert before == version_of_rules()
    monkeypatch.setattr("bot.__version__", "9.9.9")
    assert version_of_rules() != before


def test_every_rule_has_its_page_and_no_rule_comes_into_this_process(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from bot.dashboard.rule_pages import RulePages;"
        "pages = RulePages(Path(sys.argv[1])).all();"
        "assert pages['missing-timeout/http-or-socket-call'].languages[0] == 'Python';"
        "heavy = ('tree_sitter', 'bot.rules', 'bot.syntax');"
        "print(len(pages), [name for name in sys.modules if name.startswith(heavy)])"
    )
    ran = subprocess.run([sys.executable, "-c", program, str(tmp_path)], capture_output=True, text=True, timeout=100)
    assert ran.returncode == 0, ran.stderr
    count, _, loaded = ran.stdout.partition(" ")
    assert int(count) > 100
    assert loaded.strip() == "[]"
