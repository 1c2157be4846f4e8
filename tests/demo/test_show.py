"""The story in the terminal: everything that matters is there, at any width, with and without colour."""

import io
from pathlib import Path

import pytest
from rich.cells import cell_len
from rich.console import Console

from bot.demo.checkout import SAMPLE, build_repository
from bot.demo.scenes import Advice, Check, Doing, Done, InlineComment, Places, Review, Rows, Scene, Talk, Title
from bot.demo.seen import review_seen
from bot.demo.show import show_story, story_console
from bot.demo.spoken import spoken
from bot.demo.standin import StandIn, reviewing

CODE = (SAMPLE / "head/payments/instalments.py").read_text()
LINE = CODE.split("\n").index("                answer = self.session.post(") + 1
BODY = """🟧 **session.post can wait for ever**

It sets no timeout.

````suggestion
                answer = self.session.post(
                    f"{FENNEL}/plans/{plan.id}/charges",
                    json={"amount": plan.instalments[0].cents},
                    timeout=10,
                )
````

<sub>high · `missing-timeout/http-or-socket-call` · rule</sub>"""
PAGE = """| where | what |
|---|---|
| `a.py:1` | waits |

<details><summary>1 file not read</summary>

- `x.lock`

</details>"""
ROW = {
    "rule": "missing-timeout/http-or-socket-call",
    "path": "payments/instalments.py",
    "line": 79,
    "cost": 0.5,
    "outcome": None,
    "kept": True,
}
SCENES: list[Scene] = [
    Title("Seawall on this machine", "A sample service"),
    Doing("Starting the service"),
    Done("The service is up", "http://127.0.0.1:8080", 1.25),
    Check("Seawall", "2 findings", PAGE, "neutral"),
    Review("seawall[bot]", "<!-- seawall:1 -->\n**Seawall**: 2 points."),
    InlineComment("payments/instalments.py", LINE, LINE + 3, BODY, CODE),
    Rows("findings", [ROW]),
    Rows("outcomes", []),
    Places({"ledger": "/data/ledger.sqlite"}),
    Advice([("seawall review", "reviews your branch")]),
]


def shown(scenes: list[Scene], width: int = 100, colour: bool = False) -> str:
    out = io.StringIO()
    console = Console(file=out, width=width, force_terminal=colour, color_system="truecolor" if colour else None)
    show_story(console, scenes)
    return out.getvalue()


@pytest.mark.parametrize("width", [60, 80, 120])
def test_nothing_is_wider_than_the_terminal(width: int) -> None:
    assert max(cell_len(line) for line in shown(SCENES, width).split("\n")) <= width


def test_without_a_terminal_there_are_words_and_no_colours() -> None:
    text = shown(SCENES)
    assert "\x1b" not in text
    for word in ("… Starting the service", "✓ The service is up", "1.2 s", "check · neutral", "2 findings"):
        assert word in text
    for word in (
        "1 file not read",
        "seawall[bot] reviewed",
        "outcomes: nothing",
        "/data/ledger.sqlite",
        "seawall review",
    ):
        assert word in text
    for hidden in ("<details>", "<sub>", "<!--", "```"):
        assert hidden not in text


def test_on_a_terminal_there_is_colour() -> None:
    assert "\x1b[1;33m▶" in shown(SCENES, colour=True)


def test_a_comment_marks_its_lines_and_shows_its_suggestion_as_an_edit() -> None:
    lines = [line.strip("│ ").rstrip() for line in shown([SCENES[5]]).split("\n")]
    marked = [line.split("│")[0].strip("▶ ") for line in lines if line.startswith("▶")]
    assert marked == [str(LINE + offset) for offset in range(4)]
    assert "+     timeout=10," in lines
    assert not [line for line in lines if line.startswith("-")]
    assert any("high · missing-timeout/http-or-socket-call · rule" in line for line in lines)


def test_a_long_range_is_shown_with_its_middle_left_out() -> None:
    text = shown([InlineComment("a.py", 10, 90, "Long", "".join(f"x{number} = 1\n" for number in range(1, 101)))])
    assert "⋮" in text
    assert "x8 = 1" in text
    assert "x92 = 1" in text
    assert "x50 = 1" not in text


def test_what_a_pull_request_says_cannot_act_on_the_terminal() -> None:
    evil = "\x1b]0;owned\x07"
    scenes: list[Scene] = [
        Check("Seawall", f"title{evil}", f"summary{evil}", "success"),
        Review(f"who{evil}", f"body{evil}"),
        InlineComment(f"path{evil}.py", 1, 1, f"body{evil}", f"code{evil}\n"),
        Rows("rows", [{"name": f"value{evil}"}]),
    ]
    assert "\x1b" not in shown(scenes)


def test_a_console_is_never_wider_than_is_good_to_read() -> None:
    assert story_console(300).width == 120
    assert story_console(80).width == 80


def test_a_table_keeps_places_in_one_piece_and_wraps_prose() -> None:
    place = "gateway/src/a_rather_long_name/instalments.ts:25"
    row = f"| `{place}` | a call that can wait \\| for ever, and longer | inline |"
    rows = f"| where | what | said |\n|---|---|---|\n{row}"
    text = shown([Check("Seawall", "One", rows, "neutral")], 80)
    assert place in text
    assert "wait | for" in " ".join(text.replace("│", " ").split())
    assert "---" not in text


def test_hidden_and_folded_parts_are_spoken_plainly() -> None:
    text = spoken(
        "a<!-- x\ny -->b\n\n<details><summary>Three</summary>\n\n- one\n\n</details>\n<sub>small `print`</sub>"
    )
    assert text == "ab\n\n**Three**\n\n- one\n\nsmall `print`"


def test_what_the_stand_in_holds_is_what_is_shown(tmp_path: Path) -> None:
    sample = build_repository(tmp_path / "checkout")
    with StandIn() as host:
        repository = host.add_repository(sample.owner, sample.name, str(sample.git_dir), sample.base)
        pull = host.open_pull_request(repository, sample.base, sample.branch, sample.title)
        comments = [{"path": "payments/instalments.py", "start_line": LINE, "line": LINE + 3, "body": BODY}]
        asked = {"event": "COMMENT", "body": "One point.", "comments": comments}
        reviewing.create_review(host.world, repository, pull, host.world.bot, asked)
        scenes = review_seen(host, repository, pull)
    assert scenes == [
        Review("seawall[bot]", "One point.", "COMMENTED"),
        InlineComment("payments/instalments.py", LINE, LINE + 3, BODY, CODE),
    ]


def test_a_thread_names_who_said_what_and_shows_no_hidden_marks() -> None:
    console = Console(file=io.StringIO(), width=80)
    show_story(
        console, [Talk([("dana", "/seawall dismiss it is fine"), ("seawall[bot]", "**Dismissed** <!-- seawall:1 -->")])]
    )
    assert isinstance(console.file, io.StringIO)
    shown = console.file.getvalue()
    assert shown.index("dana") < shown.index("/seawall dismiss it is fine") < shown.index("seawall[bot]")
    assert "Dismissed" in shown
    assert "<!--" not in shown
