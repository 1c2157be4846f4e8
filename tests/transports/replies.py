"""Answers as people get them, and any answer at all."""

from hypothesis import strategies as st

from bot.domain import Button, Buttons, Code, Facts, Part, Reply, Table, Words

STATS = Reply(
    state="done",
    title="acme/checkout, the last 7 days",
    run_id="c-3f9a2b1",
    parts=(
        Words(text="**14 reviews** of 11 pull requests; the median took `41 s`. Of 23 points made, 15 were fixed."),
        Facts(
            rows=(
                ("Posted", "23"),
                ("Fixed", "15 (65 %)"),
                ("Disputed", "2"),
                ("Worst", "[acme/checkout#12](https://github.com/acme/checkout/pull/12)"),
            )
        ),
        Table(
            columns=("Rule", "Posted", "Fixed", "Right"),
            rows=(
                ("missing-timeout/http-or-socket-call", "9", "8", "89 %"),
                ("unbounded-retry/no-limit", "6", "4", "67 %"),
                ("resource-leak/file-not-closed", "5", "3", "—"),
            ),
        ),
        Buttons(
            buttons=(
                Button(label="Last 30 days", command="stats 30d acme/checkout"),
                Button(label="Open the dashboard", url="https://seawall.acme.test/repositories/71"),
            )
        ),
    ),
)

EXPLAINED = Reply(
    state="done",
    title="a1b2c3d: this call can wait for ever",
    run_id="c-77ab01f",
    parts=(
        Words(
            text="`requests.get` sets no limit on the wait. When *payments* is slow, every worker ends up here:\n\n"
            "- the pool of 16 is empty after **16 slow answers**\n"
            "- `/health` waits behind them, so the pod is restarted\n\n"
            "> A deadline on the call belongs well under the caller's own."
        ),
        Code(language="python", text="reply = requests.get(url)  # before\nreply = requests.get(url, timeout=3)"),
        Buttons(
            buttons=(
                Button(label="Fix", command="fix a1b2c3d"),
                Button(label="Dismiss", command="dismiss a1b2c3d", is_danger=True),
                Button(label="Open", url="https://github.com/acme/checkout/pull/12#discussion_r99"),
            )
        ),
    ),
)

REFUSED = Reply(
    state="refused",
    title="octocat may not dismiss here",
    run_id="c-0d0d0d0",
    parts=(
        Words(
            text="Dismissing needs *write* on acme/checkout; octocat has *read*. "
            "Anyone with write may do it, or ask an owner."
        ),
    ),
)

EXAMPLES = {"stats": STATS, "explain": EXPLAINED, "refused": REFUSED}

INJECTIONS = (
    "<!channel> <!here|here> <@U0123ABCD> <#C0123> <!subteam^S1>",
    "@everyone @channel @here @octocat cc <at>Everyone</at>",
    "[click](javascript:alert(1)) [x](data:text/html,1) <javascript:alert(1)|x> [y](vbscript:x)",
    '</at><at id="0">All</at> <script>alert(1)</script> <img src=x onerror=alert(1)>',
    "![pixel](https://evil.test/p.png) ![a][b]\n[b]: https://evil.test",
    "/approve\n/seawall dismiss all\n  /lgtm",
    "```\n/merge\n```` ``` <!channel> @team",
    "\x1b[31mred\x1b[0m \x00 \u202edesrever\u202c \u200b\ufeff \ud83d",
    "<https://evil.test|https://github.com> &lt;!channel&gt; &amp;lt;!channel&amp;gt;",
    "| a | b |\n| - | - |\n# heading\n> quote\n1. one",
    "${secrets.TOKEN} {{user.name}} {{DATE(2024-01-01,SHORT)}} `a`b` **",
)

_WORDS = st.one_of(
    st.text(max_size=200),
    st.sampled_from(INJECTIONS),
    st.lists(
        st.sampled_from(
            [
                "**",
                "*",
                "_",
                "`",
                "```",
                "[",
                "](",
                ")",
                "<",
                ">",
                "&",
                "\n",
                "a ",
                "- ",
                "@x",
                "https://a.b/",
                "\\",
                "|",
            ]
        ),
        max_size=40,
    ).map("".join),
    st.sampled_from(["x" * 4000, "word " * 900, "&<>" * 1500, "`" * 700, "line\n" * 800, "日本語 " * 500]),
)
_SHORT = st.one_of(st.text(max_size=30), _WORDS)
_URL = st.one_of(
    st.just("https://github.com/acme/checkout"),
    st.sampled_from(INJECTIONS),
    st.text(max_size=30),
    st.just("https://a.b/" + "x" * 4000),
)
BUTTONS = st.builds(Button, label=st.text(max_size=40), command=_SHORT, url=_URL, is_danger=st.booleans())
PARTS: st.SearchStrategy[Part] = st.one_of(
    st.builds(Words, text=_WORDS),
    st.builds(Facts, rows=st.lists(st.tuples(_SHORT, _WORDS), max_size=30).map(tuple)),
    st.builds(
        Table,
        columns=st.lists(_SHORT, max_size=8).map(tuple),
        rows=st.lists(st.lists(_SHORT, max_size=9).map(tuple), max_size=80).map(tuple),
    ),
    st.builds(Code, text=_WORDS, language=st.sampled_from(["", "python", "suggestion", "mermaid", "a b`c"])),
    st.builds(Buttons, buttons=st.lists(BUTTONS, max_size=60).map(tuple)),
)
REPLIES = st.builds(
    Reply,
    state=st.sampled_from(["done", "started", "refused", "misunderstood", "failed"]),
    title=_SHORT,
    parts=st.lists(PARTS, max_size=6).map(tuple),
    run_id=st.sampled_from(["", "c-3f9a2b1"]),
    is_public=st.booleans(),
)
