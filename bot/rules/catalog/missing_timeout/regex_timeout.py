"""A regular expression that may search for minutes."""

from bot.domain import Severity
from bot.regex import regex
from bot.rules.rule import Alarm, Rule, csharp
from bot.rules.weighing import SHOWN_ONLY
from bot.syntax import Argument, Call, SourceFile, text_of

MAKES = frozenset({"Regex", "System.Text.RegularExpressions.Regex", "RegularExpressions.Regex"})
STATIC = {"IsMatch": 2, "Match": 2, "Matches": 2, "Replace": 3, "Split": 2, "Count": 2, "EnumerateMatches": 2}
"""Static method → how many arguments it has before options and timeout."""
LITERALS = ("string_literal", "verbatim_string_literal", "raw_string_literal")
_WORDS = regex(r'^"[\w =,:;/-]*"$')
NESTED = regex(r"[+*}]\)[+*{]|\.[*+].*\.[*+]|\|[^()]*\)[+*]")
"""What can be matched in many ways: repetition of a repetition, two greedy runs, alternatives that repeat."""


class RegexTimeout(Rule):
    """## What it finds
    A .NET `Regex` without a `matchTimeout`, with a pattern that can be matched in many ways or comes from elsewhere.

    ## Why it matters
    A backtracking engine may need exponential time for a text that almost matches. One such input from outside then
    holds a thread at full load for minutes; a few of them stop the service.

    ## Use instead
    `new Regex(pattern, options, TimeSpan.FromSeconds(1))`, `RegexOptions.NonBacktracking`, or a default for the whole
    process: `REGEX_DEFAULT_MATCH_TIMEOUT`.
    """

    name = "missing-timeout/regex-timeout"
    severity = Severity.LOW
    covered_by = ("dotnet:MA0009", "sonar:csharpsquid:S6444")
    languages = ("csharp",)
    methods = frozenset(STATIC)
    names = MAKES
    needs = (b"Regex",)
    confidence = SHOWN_ONLY
    """On record teams leave it so: the patterns are their own, or an administrator's."""

    def check_call(self, call: Call, file: SourceFile) -> Alarm | None:
        pattern = self._pattern(call)
        if pattern is None or b"REGEX_DEFAULT_MATCH_TIMEOUT" in file.text:
            return None
        if any(self._bounds(argument) for argument in call.all_arguments):
            return None
        dangerous = (
            not self._is_plain(pattern.text, call) if pattern.node.type not in LITERALS else NESTED.search(pattern.text)
        )
        return Alarm(
            call,
            "Nothing limits how long this regular expression may search",
            "For a text that almost matches, the engine tries every way to match it, which can take minutes. Whoever "
            "can send such a text holds a thread at full load with each request.",
            "Give it a limit, `TimeSpan.FromSeconds(1)` as last argument, or use `RegexOptions.NonBacktracking`.",
            confidence=SHOWN_ONLY if dangerous else 0.4,
        )

    def _pattern(self, call: Call) -> Argument | None:
        given = call.arguments
        if call.node.type == "object_creation_expression":
            return given[0] if call.name in MAKES and 0 < len(given) < 3 else None
        fewest = STATIC.get(call.method, 0)
        is_static = text_of(call.receiver).rsplit(".", 1)[-1] == "Regex"
        if not fewest or not is_static or not fewest <= len(given) <= fewest + 1:
            return None
        return given[1]

    def _is_plain(self, name: str, call: Call) -> bool:
        """A variable that the function gives nothing but words: there is nothing to go back over."""
        within = call.function.node if call.function is not None else None  # unprovable: narrows the type
        given = [
            text_of(one.value) for one in call.file.within(call.file.bindings, within) if text_of(one.target) == name
        ]
        given = [text for text in given if text]
        return bool(given) and all(_WORDS.match(text) for text in given)

    def _bounds(self, argument: Argument) -> bool:
        return any(word in argument.text for word in ("TimeSpan", "NonBacktracking", "imeout")) or bool(argument.name)

    bad = (
        csharp(
            'class A { bool F(string s) {\n  var rest = Cut(s);\n  string form;\n  form = "shop";\n'
            "  return Regex.IsMatch(rest, form);\n} }",
            5,
        ),
        csharp('class A { bool F(string s) {\n  var form = "shop|" + s;\n  return Regex.IsMatch(s, form);\n} }', 3),
        csharp('class A { static readonly Regex R = new Regex("^(a+)+$"); }'),
        csharp("class A { bool F(string s, string p) => Regex.IsMatch(s, p); }"),
        csharp('class A { string F(string s) => Regex.Replace(s, "a+", "b", RegexOptions.Compiled); }'),
    )
    good = (
        csharp('class A { Regex r = new Regex("^(a+)+$", RegexOptions.None, TimeSpan.FromSeconds(1)); }'),
        csharp('class A { Regex r = new Regex("^(a+)+$", RegexOptions.NonBacktracking); }'),
        csharp("class A { bool F(string s, string p) => Regex.IsMatch(s, p, RegexOptions.None, Timeout); }"),
        csharp("class A { bool F(Regex r, string s, string p) => r.IsMatch(s, 3); }"),
        csharp('class A { object F() => new Route("^(a+)+$"); }'),
        csharp("class A { string F(string s) { return Regex.Escape(s); } }"),
        csharp("class A { bool F(string s, string p) { return Regex.IsMatch(s, p, RegexOptions.None, Longest); } }"),
        csharp(  # the whole process has a limit
            'class A {\n  static A() { AppDomain.CurrentDomain.SetData("REGEX_DEFAULT_MATCH_TIMEOUT", limit); }\n'
            "  Regex r = new Regex(given);\n}",
        ),
        csharp(
            "class A {\n  Regex r = new Regex(given, RegexOptions.None, limit);\n"
            "  Regex s = new Regex(given, matchTimeout: limit);\n  Regex t = new Regex();\n}",
        ),
    )
