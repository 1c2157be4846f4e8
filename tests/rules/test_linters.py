"""What a repository's linters say already, by their own configuration."""

import pytest

from bot.domain import Finding
from bot.rules import all_rules
from bot.rules.linters import Left
from bot.rules.linters.leaving import LINTERS, _left, covers

LINTED = frozenset(prefix for linter in LINTERS for prefix in linter.prefixes)
UNREAD = frozenset({"errorprone", "squawk"})
"""Error Prone is configured in build scripts, which would have to be run; whether Squawk runs is said in CI alone."""


def left(path: str, **files: str) -> dict[str, list[str]]:
    """Rule → the linters' rules that find the same in that path. Keys of `files` are names with `__` for a dot."""
    texts = {name.replace("__", "."): text for name, text in files.items()}
    ways = _left((texts, (path,))).ways
    return {rule: [code for code, _ in paths[path]] for rule, paths in ways.items()}


def ruff(lint: str, path: str = "service/pay.py") -> bool:
    """Whether B006 is left to ruff."""
    return "mutable-default/mutable-default-arg" in left(path, pyproject__toml=f"[tool.ruff.lint]\n{lint}")


@pytest.mark.parametrize(
    ("lint", "is_left"),
    [
        ('select = ["B"]', True),
        ('select = ["ALL"]', True),
        ('select = ["B006"]', True),
        ('extend-select = ["B0"]', True),
        ('select = ["BLE"]', False),
        ("select = []", False),
        ("", False),
        ('select = ["B"]\nignore = ["B006"]', False),
        ('select = ["B006"]\nignore = ["B"]', True),
        ('select = ["B"]\nignore = ["B"]', False),
        ('select = ["ALL"]\nignore = ["B"]', False),
        ('select = ["B"]\nper-file-ignores = {"service/*" = ["B006"]}', False),
        ('select = ["B"]\nper-file-ignores = {"tests/*" = ["B006"]}', True),
        ('select = ["B"]\nper-file-ignores = {"pay.py" = ["B0"]}', False),
        ('select = ["B"]\nper-file-ignores = {"!service/**" = ["B"]}', True),
        ('select = ["B"]\nexclude = ["service"]', False),
        ('select = "', False),
    ],
)
def test_ruff_decides_by_the_most_specific_selector(lint: str, is_left: bool) -> None:
    assert ruff(lint) is is_left


def test_a_ruff_file_goes_before_pyproject_and_no_ruff_at_all_takes_nothing() -> None:
    assert "mutable-default/mutable-default-arg" not in left(
        "a.py", ruff__toml='lint.select = ["E"]', pyproject__toml='[tool.ruff.lint]\nselect = ["B"]'
    )
    assert left("a.py", pyproject__toml="[project]\nname = 'a'") == {}


def test_rules_that_are_needed_together_must_both_be_on() -> None:
    rule = "swallowed-error/empty-catch"
    assert rule not in left("a.py", ruff__toml='lint.select = ["S110"]')
    assert left("a.py", ruff__toml='lint.select = ["S110", "S112"]')[rule] == ["ruff S110+S112"]


@pytest.mark.parametrize(
    ("name", "text", "path", "is_left"),
    [
        ("eslint__config__js", 'export default [{ rules: { "no-unsafe-finally": "error" } }];', "a.js", True),
        ("eslint__config__js", 'export default [{ rules: { "no-unsafe-finally": ["warn", {}] } }];', "a.js", True),
        ("eslint__config__js", 'export default [{ rules: { "no-unsafe-finally": "off" } }];', "a.js", False),
        ("eslint__config__js", '// js.configs.recommended\nexport default [];', "a.js", False),
        ("eslint__config__mjs", "export default [js.configs.recommended];", "a.js", True),
        ("eslint__config__mjs",
         'export default [js.configs.recommended, { files: ["lib/**"], rules: { "no-unsafe-finally": 0 } }];',
         "lib/a.js", False),
        ("eslint__config__mjs",
         'export default [js.configs.recommended, { files: ["lib/**"], rules: { "no-unsafe-finally": 0 } }];',
         "src/a.js", True),
        ("eslint__config__js", "export default [js.configs.recommended];", "a.ts", False),
        ("__eslintrc__json", '{"extends": "eslint:recommended", /* x */}', "a.js", True),
        ("__eslintrc__json", '{"extends": ["eslint:recommended"], "rules": {"no-unsafe-finally": 0}}', "a.js", False),
        ("__eslintrc__yml", "extends:\n  - eslint:recommended\nignorePatterns: ['a.js']\n", "a.js", False),
        ("__eslintrc__yml", "rules:\n  no-unsafe-finally: error\n", "a.js", True),
        ("package__json", '{"eslintConfig": {"rules": {"no-unsafe-finally": 2}}}', "a.js", True),
        ("package__json", '{"name": "shop"}', "a.js", False),
    ],
)  # fmt: skip
def test_eslint_is_read_as_far_as_its_tables_are_literals(name: str, text: str, path: str, is_left: bool) -> None:
    assert ("swallowed-error/jump-or-throw-in-finally" in left(path, **{name: text})) is is_left


ERRCHECK, BODY = "swallowed-error/ignored-error-return", "resource-leak/http-body-not-closed"


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ("run:\n  tests: false\n", {ERRCHECK}),
        ("linters:\n  disable-all: true\n  enable: [bodyclose]\n", {BODY}),
        ("linters:\n  enable-all: true\n  disable:\n    - errcheck\n", {BODY}),
        ("linters:\n  presets: [bugs]\n", {ERRCHECK, BODY}),
        ("version: '2'\nlinters:\n  default: none\n  enable:\n    - bodyclose\n", {BODY}),
        ("version: '2'\nlinters:\n  default: all\n", {ERRCHECK, BODY}),
        ("version: '2'\nlinters:\n  exclusions:\n    paths: ['^cmd/']\n", set()),
        ("version: '2'\nlinters:\n  exclusions:\n    rules:\n      - path: cmd\n        linters: [errcheck]\n", set()),
        ("issues:\n  exclude-rules:\n    - path: cmd\n      text: x\n      linters: [errcheck]\n", {ERRCHECK}),
    ],
)
def test_golangci_lint_in_both_forms(text: str, rules: set[str]) -> None:
    assert {*left("cmd/a.go", __golangci__yml=text)} & {ERRCHECK, BODY} == rules


def test_what_runs_inside_golangci_lint_is_asked_for_its_own_checks() -> None:
    signal, copied = "lost-signal/signal-channel-unbuffered", "lock-hazard/lock-or-waitgroup-copied"
    both = {signal, copied}
    plain = left("a.go", __golangci__yml="version: '2'\n")
    assert both <= {*plain}
    settings = (
        "version: '2'\nlinters:\n  settings:\n    staticcheck:\n      checks: ['all', '-SA1*']\n"
        "    govet:\n      disable: [copylocks, sigchanyzer]\n"
    )
    assert not both & {*left("a.go", __golangci__yml=settings)}


@pytest.mark.parametrize(
    ("name", "text", "path", "rule", "is_left"),
    [
        ("sonar-project__properties", "sonar.projectKey=a\n", "a.java", "swallowed-error/empty-catch", True),
        ("sonar-project__properties", "sonar.exclusions=**/*.java\n", "a.java", "swallowed-error/empty-catch", False),
        ("sonar-project__properties",
         "sonar.issue.ignore.multicriteria=e1\nsonar.issue.ignore.multicriteria.e1.ruleKey=java:S108\n"
         "sonar.issue.ignore.multicriteria.e1.resourceKey=**/*.java\n", "a.java", "swallowed-error/empty-catch", False),
        ("__editorconfig", "[*.{cs,vb}]\ndotnet_diagnostic.CA2200.severity = warning\n", "a.cs",
         "lost-cause/rethrow-resets-stack", True),
        ("__editorconfig", "[*.cs]\ndotnet_diagnostic.CA2200.severity = error\n[gen/**.cs]\n"
         "dotnet_diagnostic.CA2200.severity = none\n", "gen/a.cs", "lost-cause/rethrow-resets-stack", False),
        ("__editorconfig", "[*.cs]\ndotnet_diagnostic.CA2200.severity = suggestion\n", "a.cs",
         "lost-cause/rethrow-resets-stack", False),
        ("__rubocop__yml", "AllCops:\n  NewCops: enable\n", "a.rb", "swallowed-error/empty-catch", True),
        ("__rubocop__yml", "Lint/SuppressedException:\n  Enabled: false\n", "a.rb",
         "swallowed-error/empty-catch", False),
        ("__rubocop__yml", "AllCops:\n  DisabledByDefault: true\n", "a.rb", "swallowed-error/empty-catch", False),
        ("detekt__yml", "exceptions:\n  PrintStackTrace:\n    active: true\n", "a.kt",
         "log-hygiene/stacktrace-printed", True),
        ("detekt__yml", "exceptions:\n  active: false\n  PrintStackTrace:\n    active: true\n", "a.kt",
         "log-hygiene/stacktrace-printed", False),
    ],
)  # fmt: skip
def test_the_switches_of_other_linters(name: str, text: str, path: str, rule: str, is_left: bool) -> None:
    assert (rule in left(path, **{name: text})) is is_left


@pytest.mark.parametrize("text", ["\0", "a: [", "{" * 500, "[" * 500, "- &a [*a, *a]\n" * 100, "x = [", '{"rules": 7}'])
def test_a_broken_configuration_leaves_nothing_to_its_linter(text: str) -> None:
    names = ("pyproject.toml", ".ruff.toml", ".eslintrc.json", "eslint.config.js", "detekt.yml", "Cargo.toml")
    for name in names:
        assert _left(({name: text}, ("a.py", "a.js", "a.kt", "a.rs"))).ways == {}


def test_a_linter_that_sees_only_some_calls_takes_only_those() -> None:
    rule = "missing-timeout/http-or-socket-call"
    there = _left(({"ruff.toml": 'lint.select = ["S113"]'}, ("a.py",)))
    assert there.to(_finding(rule, "requests.get(url)")) == "ruff S113"
    assert there.to(_finding(rule, "self.session.get(url)")) == ""
    assert not there.whole(rule, ["a.py"])


def test_the_receipt_names_what_is_left_to_whom() -> None:
    there = Left({"a/b": {"a.py": (("ruff B006", ""),)}, "c/d": {"a.go": (("govet copylocks", ""),)}})
    assert there.told == ("Left to this repository's own linters: a/b (ruff B006), c/d (govet copylocks).",)
    assert Left().told == ()


@pytest.mark.parametrize("rule", [rule for rule in all_rules() if rule.covered_by], ids=lambda rule: rule.name)
def test_a_rule_names_linters_that_judge_its_languages(rule) -> None:
    readers = {prefix: linter for linter in LINTERS for prefix in linter.prefixes}
    for prefix, codes, _ in covers(rule):
        assert prefix in LINTED | UNREAD
        assert codes
        assert prefix in UNREAD or {*readers[prefix].languages} & {*rule.languages}, prefix


def _finding(rule: str, evidence: str) -> Finding:
    class_, kind = rule.split("/")
    return Finding(
        path="a.py", start_line=1, end_line=1, class_=class_, kind=kind, rule=rule, severity="high", confidence=0.9,
        source="rule", title="It waits", body="For ever.", evidence=evidence, fingerprint="f" * 16,
    )  # fmt: skip
