"""What a call means where it calls a function of its own file."""

import pytest

from bot.rules.own import gives_future, is_one_try, own_functions
from bot.syntax import SourceFile, parse


def parsed(path: str, code: str) -> SourceFile:
    file = parse(path, code.encode())
    assert file is not None
    return file


@pytest.mark.parametrize(
    ("path", "code", "expected"),
    [
        ("a.py", "async def save(): ...\nsave()", ["save"]),
        ("a.py", "class A:\n    async def save(self): ...\n    def f(self): self.save()", ["A.save"]),
        ("a.py", "def f():\n    async def save(): ...\n    save()", ["f.save"]),
        ("a.py", "class A:\n    async def save(self): ...\nsave()", []),
        ("a.js", "const save = async () => {};\nsave();", ["save"]),
        ("a.js", "class A { async #save() {}\n f(it) { it.all.#save(); } }", ["A.#save"]),
        ("a.js", "let save = async () => {};\nsave = null;\nsave();", []),
        ("a.js", "const save = async () => {};\nfunction f(save) { save(); }", []),
        ("a.java", "class A { void save() {} class B { void save() {} void f() { save(); } } }", ["A.B.save"]),
        ("a.java", "class A { void f() { save(); } class B { void save() {} } }", []),
        ("a.cs", "class A { void Save() {} void Save(int n) {} void F() { Save(); } }", ["A.Save", "A.Save"]),
        (
            "a.cs",
            "class A {}\nstatic class B { static void Save(this A a) {} static void Save(this C c) {} }"
            "\nclass D { void F(A a) { a.Save(); } }",
            ["B.Save"],
        ),
    ],
)
def test_the_last_call_means_these_functions(path: str, code: str, expected: list[str]) -> None:
    found = own_functions(parsed(path, code).calls[-1])
    assert [function.qualified_name for function in found] == expected


@pytest.mark.parametrize(
    ("path", "code", "expected"),
    [
        ("a.ts", "function f(): Promise<void> {}", True),
        ("a.ts", "function f(): void { return new Promise(g); }", False),
        ("a.js", "function f() { return Promise.all(g); }", True),
        ("a.js", "function f() { const g = () => { return Promise.all(h); }; g(); }", False),
        ("a.cs", "class A { async void F() {} }", False),
        ("a.cs", "class A { ValueTask<int> F() { } }", True),
        ("a.py", "def f() -> Awaitable[int]: ...", False),
        ("a.py", "def f() -> Coroutine[None, None, int]: ...", True),
    ],
)
def test_a_function_gives_a_future_or_not(path: str, code: str, expected: bool) -> None:
    assert gives_future(parsed(path, code).functions[0]) is expected


def test_a_body_that_is_one_try_settles_its_own_failures() -> None:
    one, more = parsed(
        "a.js", "function f() { try { g(); } catch (e) {} }\nfunction h() { try {} catch {} g(); }"
    ).functions
    assert is_one_try(one)
    assert not is_one_try(more)
