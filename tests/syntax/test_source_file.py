"""Parsing: shapes, scopes, odd bytes, paths."""

import time
from collections.abc import Callable, Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.syntax import Call, all_languages, count_errors, is_generated, is_test_path, language_names, language_of, parse

SUFFIXES = [suffix for language in all_languages() for suffix in language.suffixes]


def test_the_drawer_holds_nine_languages_of_code() -> None:
    code = {language.name for language in all_languages() if language.is_code}
    assert code == {"csharp", "go", "java", "javascript", "kotlin", "python", "ruby", "rust", "typescript"}
    assert set(language_names()) - code == {"hcl", "sql", "yaml"}


def test_a_file_without_a_grammar_is_none() -> None:
    assert parse("Makefile", b"all:") is None
    assert parse("a.py/readme", b"") is None
    assert language_of("x.PY") is not None


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_every_language_reads_an_empty_file(suffix: str) -> None:
    file = parse(f"a{suffix}", b"")
    assert file is not None
    assert (file.calls, file.error_count, file.scope_at(1)) == ([], 0, "")


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300), st.sampled_from(SUFFIXES))
def test_any_bytes_are_read(content: bytes, suffix: str) -> None:
    file = parse(f"a{suffix}", content)
    assert file is not None
    for call in file.calls:
        assert isinstance(call.name, str)
        assert call.use
    for handler in file.handlers:
        assert isinstance(handler.caught, tuple)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_names_that_are_not_utf8_stay_in_their_place(suffix: str) -> None:
    file = parse(f"a{suffix}", b"a\x80b0 = f(1)\n\xff\xfe(\xc3\xa4)\n")
    assert file is not None
    assert file.tree.root_node.end_byte <= len(file.text)
    assert file.line_bytes(2) == b"\xff\xfe(\xc3\xa4)"


def test_windows_line_endings_and_a_byte_order_mark_change_no_line() -> None:
    file = parse("a.py", b"\xef\xbb\xbfimport requests\r\n\r\ndef f():\r\n    requests.get(u)\r\n")
    assert file is not None
    assert [(call.name, call.start_line) for call in file.calls] == [("requests.get", 4)]
    assert file.line_text(4) == "    requests.get(u)"
    assert file.error_count == 0


def test_broken_utf8_is_read() -> None:
    file = parse("a.py", b"x = '\xff'\nprint(x)\n")
    assert file is not None
    assert file.calls[0].name == "print"


def test_broken_code_still_shows_its_calls() -> None:
    file = parse("a.py", b"def f(:\n    g()\n\ndef h():\n    k()\n")
    assert file is not None
    assert file.error_count > 0
    assert "k" in [call.name for call in file.calls]


def test_errors_are_counted() -> None:
    assert count_errors("a.ts", b"const x = 1;") == 0
    assert count_errors("a.ts", b"const x = (1;") > 0
    assert count_errors("a.txt", b"const x = (1;") == 0


SCOPES = {
    "a.py": (b"class A:\n    def f(self):\n        def g():\n            x()\n", 4, "A.f.g"),
    "a.ts": (b"class A {\n  run = async () => {\n    x();\n  }\n}\n", 3, "A.run"),
    "a.js": (b"const f = function () {\n  x();\n};\n", 2, "f"),
    "a.go": (b"package a\nfunc (s *Server) Run() {\n\tgo func() {\n\t\tx()\n\t}()\n}\n", 4, "Server.Run"),
    "A.java": (b"class A {\n  class B {\n    void f() { x(); }\n  }\n}\n", 3, "A.B.f"),
    "A.cs": (b"class A {\n  void F() {\n    void G() { x(); }\n  }\n}\n", 3, "A.F.G"),
}


@pytest.mark.parametrize(("path", "case"), SCOPES.items(), ids=SCOPES)
def test_the_scope_of_a_line_is_its_innermost_named_function(path: str, case: tuple[bytes, int, str]) -> None:
    content, line, scope = case
    file = parse(path, content)
    assert file is not None
    assert file.scope_at(line) == scope
    assert file.scope_at(99) == ""


ENDLESS = [
    ("a.py", "while True:\n    f()", True),
    ("a.py", "while 1:\n    f()", True),
    ("a.py", "while x:\n    f()", False),
    ("a.py", "for x in y:\n    f()", False),
    ("a.ts", "for (;;) { f(); }", True),
    ("a.ts", "while (true) { f(); }", True),
    ("a.ts", "do { f(); } while (true)", True),
    ("a.ts", "for (let i = 0; i < 3; i++) { f(); }", False),
    ("a.ts", "for (const x of xs) { f(); }", False),
    ("a.go", "package a\nfunc f() { for { g() } }", True),
    ("a.go", "package a\nfunc f() { for i := 0; ; i++ { g() } }", True),
    ("a.go", "package a\nfunc f() { for i := 0; i < 3; i++ { g() } }", False),
    ("a.go", "package a\nfunc f() { for _, x := range xs { g() } }", False),
    ("a.go", "package a\nfunc f() { for x { g() } }", False),
    ("A.java", "class A { void f() { while (true) { g(); } } }", True),
    ("A.java", "class A { void f() { for (int i = 0; ; i++) { g(); } } }", True),
    ("A.java", "class A { void f() { for (var x : xs) { g(); } } }", False),
    ("A.cs", "class A { void F() { while (true) { G(); } } }", True),
    ("A.cs", "class A { void F() { foreach (var x in xs) { G(); } } }", False),
]


@pytest.mark.parametrize(("path", "code", "endless"), ENDLESS)
def test_endless_loops_are_known(path: str, code: str, endless: bool) -> None:
    file = parse(path, code.encode())
    assert file is not None
    (loop,) = file.loops
    assert loop.is_endless is endless


USES = [
    ("a.py", "f()", "discarded", False),
    ("a.py", "x = f()", "assigned", False),
    ("a.py", "async def g():\n    return await f()", "returned", True),
    ("a.py", "with f() as x: pass", "managed", False),
    ("a.py", "x = lambda: f()", "returned", False),
    ("a.ts", "await f();", "discarded", True),
    ("a.ts", "await f<Order>(id);", "discarded", True),
    ("a.ts", "const o = await orders.f<Order>(id);", "assigned", True),
    ("a.ts", "f<Order>(id);", "discarded", False),
    ("a.ts", "const g = () => f();", "returned", False),
    ("a.ts", "void f();", "other", False),
    ("a.go", "package a\nfunc g() { go f() }", "task", False),
    ("a.go", "package a\nfunc g() { defer f() }", "deferred", False),
    ("a.go", "package a\nfunc g() { x, err := f() }", "assigned", False),
    ("A.java", "class A { void g() { try (var x = f()) { } } }", "managed", False),
    ("A.java", "class A { Q g(int k) { return switch (k) { case 1 -> f(); default -> null; }; } }", "returned", False),
    ("A.java", "class A { void g(int k) { switch (k) { case 1 -> f(); default -> h(); } } }", "discarded", False),
    ("A.cs", "class A { void G() { using var x = f(); } }", "managed", False),
    ("A.cs", "class A { async Task G() { using (var x = await f()) { } } }", "managed", True),
]


@pytest.mark.parametrize(("path", "code", "use", "awaited"), USES)
def test_what_becomes_of_a_result_is_known(path: str, code: str, use: str, awaited: bool) -> None:
    file = parse(path, code.encode())
    assert file is not None
    call = next(call for call in file.calls if call.method == "f")
    assert (call.use, call.is_awaited) == (use, awaited)


def test_handlers_know_what_they_catch() -> None:
    file = parse("a.py", b"import a\ntry: x()\nexcept (a.B, ValueError) as e: pass\nexcept: pass\n")
    assert file is not None
    assert [handler.caught for handler in file.handlers] == [("a.B", "ValueError"), ()]
    file = parse("A.java", b"import a.B;\nclass A { void f() { try { x(); } catch (B | IOException e) { } } }")
    assert file is not None
    assert [(h.caught, h.variable) for h in file.handlers] == [(("a.B", "IOException"), "e")]


def test_go_handlers_are_error_checks() -> None:
    file = parse(
        "a.go", b"package a\nfunc f() {\n if err != nil { g() }\n if x != nil { g() }\n if err == nil { g() }\n}\n"
    )
    assert file is not None
    assert [handler.start_line for handler in file.handlers] == [3]


TESTS = ["tests/a.py", "a/test_b.py", "b_test.go", "src/a.spec.ts", "src/__tests__/a.js", "src/test/java/A.java"]
TESTS += ["Source/Foo.Tests.Tasks/A.cs", "Foo.UnitTests/A.cs", "Foo.PerformanceTests.Host/A.cs", "k8s/a.test.yaml"]
TESTS += ["ATest.java", "Foo.Tests/A.cs", "ATests.cs", "conftest.py", "x/testdata/a.go", "a.test.tsx"]
TESTS += ["playwright_tests/core/utilities.py", "kube/src/integration/java/it/Cluster.java"]
TESTS += ["testHelpers/index.js", "packages/test-utils/lib/proxy.ts", "internal/testutil/a.go", "api/prototest/a.go"]
TESTS += ["spec/a_spec.rb", "a/test_b.rb", "b_test.rb", "app/features/step_definitions/a.rb", "crates/x/tests/a.rs"]
TESTS += ["src/commonTest/kotlin/A.kt", "src/androidTest/A.kt", "a/FooSpec.kt", "ATest.kt", "benches/a.rs"]
TESTS += [
    "x/examples/a/b.rs",
    "src/a/tests.rs",
    "client/cypress/support/a.js",
    "src/Foo/Testing/Harness/A.cs",
    "Unit/TestA.cs",
    "system-tests/node/a.ts",
    "server/integrationtests/lib.go",
    "shop-e2e/shop-case/a.yml",
    "shop-integrated-test/deploy/a.yml",
]
TESTS += ["shop_tempest/services/client.py", "shop/tests/tempest/config.py", "shop_tempest_plugin/clients.py"]
NO_TESTS = ["internal/latest/a.go", "api/attest/a.go", "src/testimonials/a.ts"]
NO_TESTS += [
    "tempestuous/a.py",
    "src/tempest.py",
    "src/integration.py",
    "src/main/java/integration/A.java",
    "src/latests/a.py",
]
NO_TESTS += ["src/app.py", "latest.py", "contest/a.go", "src/attestation.ts", "Protest.kt", "test.py.md"]
NO_TESTS += ["lib/spec.rb", "lib/latest.rb", "src/attest.rs", "Spec.kt", "app/inspec.rb", "src/contest.rs"]
NO_TESTS += ["Contest.cs", "Testimonial.cs", "Foo.Testing/A.cs", "Foo.Contests/A.cs", "Latest.X/A.cs"]


@pytest.mark.parametrize("path", TESTS)
def test_test_files_are_known_by_their_path(path: str) -> None:
    assert is_test_path(path)


@pytest.mark.parametrize("path", NO_TESTS)
def test_other_files_are_no_tests(path: str) -> None:
    assert not is_test_path(path)


def test_generated_files_are_known_by_their_path() -> None:
    assert is_generated("api/order_pb2.py")
    assert is_generated("vendor/x/y.go")
    assert is_generated(".mvn/wrapper/Downloader.java")
    assert is_generated("web/js/jquery-1.11.1.js")
    assert not is_generated("web/js/orders-1.11.1.js")
    assert not is_generated("generate.py")


@pytest.mark.parametrize(
    ("path", "code", "held", "is_lock"),
    [
        ("A.java", "class A { void f() { synchronized (this) { g(); } } }", ["(this)"], True),
        ("A.cs", "class A { void F() { lock (gate) { G(); } } }", ["gate"], True),
        ("A.cs", "class A { void F() { using (var r = Open()) { G(); } } }", ["Open()"], False),
        ("a.py", "with a() as b, lock:\n    g()\n", ["a()", "lock"], False),
    ],
)
def test_a_section_knows_what_it_holds_and_what_lies_in_it(
    path: str, code: str, held: list[str], is_lock: bool
) -> None:
    file = parse(path, code.encode())
    assert file is not None
    (section,) = file.sections
    assert [node.text.decode() for node in section.held] == held
    assert section.is_lock is is_lock
    assert [call.method for call in file.calls if section.holds(call)] == [file.calls[-1].method]


@pytest.mark.parametrize(
    ("path", "code", "words"),
    [
        ("A.java", "class A { private volatile B b; }", {"private", "volatile"}),
        ("A.cs", "class A { private readonly B b; }", {"private", "readonly"}),
    ],
)
def test_the_words_before_a_field_are_known(path: str, code: str, words: set[str]) -> None:
    file = parse(path, code.encode())
    assert file is not None
    assert file.language.modifiers(file.bindings[0].node) == words


def test_a_function_knows_the_result_type_its_header_writes() -> None:
    for path, code, expected in (
        ("a.py", b"async def f() -> Reply: ...", "Reply"),
        ("a.ts", b"function f(): Promise<void> {}", "Promise"),
        (
            "a.java",
            b"import java.util.concurrent.*;\nclass A { Future<Integer> f() { } }",
            "java.util.concurrent.Future",
        ),
        ("a.cs", b"class A { Task<int> F() { } }", "Task"),
        ("a.js", b"function f() {}", ""),
    ):
        file = parse(path, code)
        assert file is not None
        assert [function.returns for function in file.functions] == [expected]


def test_functions_are_found_by_their_simple_name() -> None:
    file = parse("a.ts", b"class A { save() {} }\nconst save = () => {};\nfunction load() {}")
    assert file is not None
    assert [function.qualified_name for function in file.functions_named("save")] == ["A.save", "save"]
    assert file.functions_named("drop") == []


def test_lists_that_live_for_one_question_are_not_taken_for_each_other() -> None:
    file = parse("a.py", b"".join(b"def f%d():\n    g%d()\n" % (number, number) for number in range(50)))
    assert file is not None
    node = file.tree.root_node
    lists = [file.calls[:number] for number in range(1, 50)]
    assert [len(file.within(calls, node)) for calls in lists] == list(range(1, 50))
    del lists  # so that the next ones take their places
    for call, function in zip(file.calls, file.functions, strict=True):
        alone = [call]
        assert file.within(alone, function.node) == [call]


AGAIN = b"""import requests

def ask(self, quick):
    if quick:
        answer = requests.get(1)
        answer = answer.json()
        return answer.get("id")
    else:
        answer = requests.get(2)
    rows = answer.json()
    self.rows = rows.all()
    rows = self.rows.first()
"""


def test_what_a_call_is_does_not_hang_on_which_call_was_asked_about_first() -> None:
    def names(order: Callable[[list[Call]], Iterable[Call]]) -> dict[int, str]:
        file = parse("a.py", AGAIN)
        assert file is not None
        return {call.node.start_byte: call.name for call in order(file.calls)}

    forwards = names(lambda calls: calls)
    assert forwards == names(reversed) == names(lambda calls: sorted(calls, key=lambda call: call.method))
    assert [name for name in forwards.values() if name.endswith("requests.get")] == ["requests.get"] * 2


def test_names_that_hang_on_each_other_are_soon_given_up() -> None:
    lines = [f"    n{one} = n{(one * 7 + k) % 300}.f{k}()" for one in range(300) for k in range(4)]
    file = parse("a.py", "\n".join(["def f(n0):", *lines]).encode())
    assert file is not None
    began = time.process_time()
    assert {call.name for call in file.calls} == {""}
    assert time.process_time() - began < 5
