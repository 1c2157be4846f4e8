"""The shapes of Kotlin, Ruby and Rust: names, uses, handlers, loops, jumps, blocks that run in place."""

import subprocess
import sys

import pytest

from bot.syntax import SourceFile, parse


def read(path: str, code: str) -> SourceFile:
    file = parse(path, code.encode())
    assert file is not None
    assert file.error_count == 0, code
    return file


NAMES = [
    ("a.kt", "import x.Client\nval c = Client()\nfun f() { c.go(r) }", "x.Client.go"),
    ("a.kt", "import okhttp3.*\nclass A(val c: Call) { fun f() = c.execute() }", "okhttp3.Call.execute"),
    ("a.kt", "import x.Y as Z\nfun f(z: Z?) { z!!.go() }", "x.Y.go"),
    ("a.kt", "import x.Y\nclass A { val y by lazy { Y(1) }\n  fun f() { y.go() } }", "x.Y.go"),
    ("a.kt", "fun f() { Thread.sleep(1) }", "java.lang.Thread.sleep"),
    ("a.kt", "import kotlinx.coroutines.*\nfun f() { delay(1) }", "kotlinx.coroutines.delay"),
    ("a.kt", "class A {\n  companion object {\n    val a = Log.of()\n  }\n  fun f() { a.warn(1) }\n}", "Log.of.warn"),
    ("a.kt", "fun f(thing: Thing) { val (a, thing) = pair()\n thing.go() }", ""),
    ("a.rb", "http = Net::HTTP.new(h)\nhttp.get(p)", "Net::HTTP.new.get"),
    ("a.rb", "class A\n def initialize\n @c = Redis.new\n end\n def f\n @c.get(1)\n end\nend", "Redis.new.get"),
    ("a.rb", "class A\n def c\n @c ||= Redis.new\n end\n def f\n c.get(1)\n end\nend", "Redis.new.get"),
    ("a.rb", "Net::HTTP.start(h) { |http| http.get(p) }", "Net::HTTP.start.get"),
    ("a.rb", "items.each { |redis| redis.get(p) }", "redis.get"),
    ("a.rb", "::Kernel.sleep(1)", "Kernel.sleep"),
    ("a.rs", "use reqwest::Client;\nfn f() { Client::new(); }", "reqwest.Client.new"),
    ("a.rs", "use std::{fs::File as F, io::{self, Read}};\nfn f() { F::open(p); }", "std.fs.File.open"),
    ("a.rs", "use std::io;\nuse std::io::{self};\nfn f() { io::stdin(); }", "std.io.stdin"),
    ("a.rs", "use m::*;\nstruct S { c: Arc<m::C<u8>> }\nimpl S { fn f(&self) { self.c.lock(); } }", "m.C.lock"),
    ("a.rs", "use x::C;\nfn f(c: &mut Box<C>) { c.go(); }", "x.C.go"),
    ("a.rs", "use x::C;\nimpl A { async fn f() { let c = C::new().await?; c.go(); } }", "x.C.new.go"),
    ("a.rs", "fn f() { let (a, c) = pair(); c.go(); }", ""),
]  # fmt: skip


@pytest.mark.parametrize(("path", "code", "name"), NAMES)
def test_names_are_followed(path: str, code: str, name: str) -> None:
    method = name.rsplit(".", 1)[-1] or "go"
    assert name in [call.name for call in read(path, code).calls if call.method == method]


USES = [
    ("a.kt", "fun g() { f() }", "discarded"),
    ("a.kt", "fun g() = f()", "returned"),
    ("a.kt", "fun g() { val x = f() }", "assigned"),
    ("a.kt", "fun g() { h(f()) }", "argument"),
    ("a.kt", "fun g() { f { 1 }.h() }", "receiver"),
    ("a.kt", "fun g() { if (a) f() else h() }", "discarded"),
    ("a.kt", "fun g() { val x = if (a) { f() } else { h() } }", "other"),
    ("a.kt", "fun g() = when (a) { 1 -> { h()\n f() } else -> 2 }", "returned"),
    ("a.kt", "fun g() { try { f()\n h() } finally { k() } }", "discarded"),
    ("a.kt", "fun g() { while (f()) { h() } }", "other"),
    ("a.kt", "val x = { f() }", "returned"),
    ("a.rb", "def g\n f(1)\n h\nend", "discarded"),
    ("a.rb", "def g\n h\n f(1)\nend", "returned"),
    ("a.rb", "def initialize\n f(1)\nend", "discarded"),
    ("a.rb", "def g\n f(1) if a\n nil\nend", "discarded"),
    ("a.rb", "def g\n h if f(1)\n nil\nend", "other"),
    ("a.rb", "x = f(1)", "assigned"),
    ("a.rb", "def g\n return f(1)\nend", "returned"),
    ("a.rb", "def g\n begin\n f(1)\n rescue A\n h\n end\n k\nend", "discarded"),
    ("a.rb", "def g\n f(1)\nrescue A\n h\nend", "returned"),
    ("a.rb", "x = begin\n f(1)\nrescue A\n h\nend", "other"),
    ("a.rs", "fn g() { f(); }", "discarded"),
    ("a.rs", "fn g() { f()?; }", "discarded"),
    ("a.rs", "fn g() -> u8 { f() }", "returned"),
    ("a.rs", "fn g() { let _ = f(); }", "assigned"),
    ("a.rs", "fn g() { h(&f()); }", "argument"),
    ("a.rs", "fn g() { f().h(); }", "receiver"),
]


@pytest.mark.parametrize(("path", "code", "use"), USES)
def test_what_becomes_of_a_result_is_known(path: str, code: str, use: str) -> None:
    call = next(call for call in read(path, code).calls if call.method == "f")
    assert call.use == use


LOOPS = [
    ("a.kt", "fun f() { while (true) { g() } }", True, False),
    ("a.kt", "fun f() { do { g() } while (x) }", False, True),
    ("a.kt", "fun f() { for (i in 0 until 3) { g() } }", False, True),
    ("a.kt", "fun f() { for (x in xs) g() }", False, False),
    ("a.kt", "fun f() { repeat(3) { g() } }", False, True),
    ("a.rb", "loop do\n g\nend", True, False),
    ("a.rb", "while true\n g\nend", True, False),
    ("a.rb", "until done\n g\nend", False, True),
    ("a.rb", "3.times { g }", False, True),
    ("a.rb", "xs.each { |x| g }", False, False),
    ("a.rb", "for i in 1..3 do g end", False, True),
    ("a.rs", "fn f() { loop { g(); } }", True, False),
    ("a.rs", "fn f() { while true { g(); } }", True, False),
    ("a.rs", "fn f() { while let Some(x) = y { g(); } }", False, True),
    ("a.rs", "fn f() { for i in 0..3 { g(); } }", False, True),
    ("a.rs", "fn f() { for x in xs { g(); } }", False, False),
]


@pytest.mark.parametrize(("path", "code", "endless", "counts"), LOOPS)
def test_loops_are_known(path: str, code: str, endless: bool, counts: bool) -> None:
    (loop,) = read(path, code).loops
    assert (loop.is_endless, loop.counts) == (endless, counts)
    assert loop.body is not None


HANDLERS = [
    ("a.kt", "fun f() { try { g() } catch (e: java.io.IOException) { h(e) } }", [(("IOException",), "e", 1, True)]),
    ("a.kt", "fun f() { try { g() } catch (_: Throwable) { } }", [(("java.lang.Throwable",), "_", 0, True)]),
    (
        "a.rb",
        "begin\n g\nrescue A::B, C => e\n h e\nrescue\nend",
        [(("A::B", "C"), "e", 1, True), ((), "", 0, True)],
    ),
    ("a.rb", "def f\n g\nrescue => e\n raise\nend", [((), "e", 1, True)]),
    ("a.rb", "x = g(1) rescue nil", [((), "", 0, True)]),
    ("a.rb", "x = g(1) rescue 3", [((), "", 1, True)]),
    ("a.rs", "fn f() { match g() { Ok(x) => x, Err(e) => h(e), }; }", [((), "e", 1, False)]),
    ("a.rs", "fn f() { if let Err(_) = g() { } }", [((), "", 0, False)]),
    ("a.rs", "fn f() { if let Some(_) = g() { } if x { } }", []),
    ("a.rs", "fn f() { match g() { Err(E::A) => (), _ => 1 } }", [(("E.A",), "", 0, False)]),
]


@pytest.mark.parametrize(("path", "code", "expected"), HANDLERS)
def test_handlers_are_known(path: str, code: str, expected: list[object]) -> None:
    found = read(path, code).handlers
    told = [(one.caught, one.variable, len(one.statements), one.guarded is not None) for one in found]
    assert told == expected


JUMPS = [
    ("a.kt", "fun f() { a@ while (x) { if (y) break@a\n continue } }", ["break", "continue"]),
    ("a.kt", "fun f() { xs.forEach { return@forEach } }", ["continue"]),
    ("a.kt", "fun f() { launch { return@launch } }", ["return"]),
    ("a.kt", 'fun f() { x ?: throw X("a") }', ["raise"]),
    ("a.rb", "def f\n raise A, 'x' if y\n raise\n next\nend", ["raise", "raise", "continue"]),
    ("a.rb", "begin\n g\nrescue\n retry\nend", ["retry"]),
    ("a.rb", "def f\n x.raise(1)\n g(raise: 1)\nend", []),
    ("a.rs", "fn f() { g()?; loop { break; } return; }", ["raise", "break", "return"]),
]


@pytest.mark.parametrize(("path", "code", "kinds"), JUMPS)
def test_jumps_are_known(path: str, code: str, kinds: list[str]) -> None:
    assert [jump.kind for jump in read(path, code).jumps] == kinds


IN_PLACE = [
    ("a.kt", "fun f() { while (true) { xs.use { return } } }", True),
    ("a.kt", "fun f() { while (true) { run(object { fun g() { return } }) } }", False),
    ("a.rb", "def f\n loop do\n File.open(x) { |y| return }\n end\nend", True),
    ("a.rb", "def f\n loop do\n Thread.new { return }\n end\nend", False),
    ("a.rs", "fn f() { loop { run(|| return); } }", False),
    ("a.rs", "fn f() { loop { g()?; } }", True),
]


@pytest.mark.parametrize(("path", "code", "leaves"), IN_PLACE)
def test_a_return_in_a_block_that_runs_in_place_leaves_the_loop_around(path: str, code: str, leaves: bool) -> None:
    file = read(path, code)
    assert file.jumps[0].leaves(file.loops[0]) is leaves


ASYNC = [
    ("a.kt", "suspend fun f() { g() }", True),
    ("a.kt", "fun f() { scope.launch(io) { g() } }", True),
    ("a.kt", "fun f() { thread { g() } }", False),
    ("a.kt", "suspend fun f() { xs.map { g() } }", True),
    ("a.kt", "suspend fun f() { later { g() } }", False),
    ("a.rs", "async fn f() { g(); }", True),
    ("a.rs", "fn f() { spawn(async move { g(); }) }", True),
    ("a.rs", "async fn f() { run(|| g()) }", False),
    ("a.rs", "pub async unsafe fn f() { g(); }", True),
    ("a.rb", "def f\n g(1)\nend", False),
]


@pytest.mark.parametrize(("path", "code", "expected"), ASYNC)
def test_code_that_must_not_block_is_known(path: str, code: str, expected: bool) -> None:
    call = next(call for call in read(path, code).calls if call.method == "g")
    assert call.function is not None
    assert call.function.is_async is expected


def test_arguments_are_told_by_name_and_place() -> None:
    (call,) = (call for call in read("a.kt", "fun f() { g(1, b = 2, *c) { it } }").calls if call.method == "g")
    assert [(a.name, a.text) for a in call.all_arguments] == [("", "1"), ("b", "2"), ("*", "*c"), ("", "{ it }")]
    (call,) = read("a.rb", "g(1, b: 2, 'c' => 3, :d => 4, **e, &f)").calls
    assert [(a.name, a.text) for a in call.all_arguments] == [
        ("", "1"), ("b", "2"), ("c", "3"), ("d", "4"), ("*", "**e"), ("&", "&f")
    ]  # fmt: skip
    (call,) = read("a.rs", "fn f() { g(1, &b); }").calls
    assert [a.text for a in call.arguments] == ["1", "&b"]


def test_a_hash_is_read_by_its_keys() -> None:
    file = read("a.rb", "g({ a: 1, :b => 2, **c })")
    entries = file.language.entries(file.calls[0].arguments[0].node)
    assert entries is not None
    assert list(entries) == ["a", "b", "*"]


@pytest.mark.parametrize(
    ("path", "code", "held"),
    [
        ("a.kt", "fun f() { synchronized(gate) { g() } }", "gate"),
        ("a.kt", "fun f() { mutex.withLock { g() } }", "mutex"),
        ("a.rb", "@mutex.synchronize { g(1) }", "@mutex"),
    ],
)
def test_a_lock_is_a_section(path: str, code: str, held: str) -> None:
    (section,) = read(path, code).sections
    assert section.is_lock
    assert [node.text.decode() for node in section.held] == [held]
    assert [call.method for call in section.file.calls if section.holds(call)] == ["g"]


SCOPES = [
    ("a.kt", "class A {\n  companion object {\n    fun f() {\n      g()\n    }\n  }\n}", 4, "A.A.f"),
    ("a.kt", "object A {\n  val f = {\n    g()\n  }\n}", 3, "A.f"),
    ("a.rb", "module A\n class B\n  def self.f\n   g\n  end\n end\nend", 4, "A.B.f"),
    ("a.rs", "impl<T> A<T> {\n  fn f() {\n    g();\n  }\n}", 3, "A.f"),
]


@pytest.mark.parametrize(("path", "code", "line", "scope"), SCOPES)
def test_the_scope_of_a_line_is_its_innermost_named_function(path: str, code: str, line: int, scope: str) -> None:
    assert read(path, code).scope_at(line) == scope


def test_a_name_in_a_kotlin_string_is_a_mention() -> None:
    file = read("a.kt", 'fun f(e: E) { log("$e", "$extra", "e", "${e.x}") }')
    assert len(list(file.language.mentions("e", file.functions[0].body))) == 2


def test_rust_tests_lie_in_the_file_they_test() -> None:
    code = "fn a() { g(); }\n#[cfg(test)]\nmod tests {\n  fn b() { g(); }\n}\n#[tokio::test]\nasync fn c() { g(); }\n"
    file = read("a.rs", code + "#[derive(X)]\n#[cfg(not(test))]\nfn d() { g(); }")
    assert [file.language.is_test(call.node) for call in file.calls] == [False, True, True, False]


def test_a_grammar_loads_with_the_first_file_of_its_language() -> None:
    program = (
        "import sys; from bot.syntax import parse; parse('a.rs', b'fn f() {}');"
        "print(*(m for m in sys.modules if m in ('tree_sitter_kotlin', 'tree_sitter_ruby', 'tree_sitter_rust')))"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    assert run.stdout.split() == ["tree_sitter_rust"]
