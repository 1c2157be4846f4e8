"""Which rules are asked about a call: by its method as written, by its canonical name, by what the catalogue knows."""

from bot.rules.asking import Asking
from bot.rules.rule import Rule
from bot.syntax import SourceFile, parse


class _OfMethods(Rule):
    name = "made/of-methods"
    methods = frozenset({"join"})


class _OfNames(Rule):
    name = "made/of-names"
    names = frozenset({"queue.Queue", "tool.run"})


class _OfEither(Rule):
    name = "made/of-either"
    methods = frozenset({"run"})
    names = frozenset({"tool.run", "tool.start"})


class _OfRows(Rule):
    name = "made/of-rows"
    sections = ("outbound",)


class _OfAll(Rule):
    name = "made/of-all"


class _OfAllInGo(Rule):
    name = "made/of-all-in-go"
    methods = frozenset({"Nothing"})
    every_call_in = ("go",)


RULES = (_OfMethods(), _OfNames(), _OfEither(), _OfRows(), _OfAll(), _OfAllInGo())


def read(code: str, path: str = "app.py") -> SourceFile:
    file = parse(path, code.encode())
    assert file is not None
    return file


def asked(code: str, path: str = "app.py") -> list[str]:
    """The rules asked about the last call, beside the one that wants all."""
    file = read(code, path)
    asking = Asking([(rule, rule.check_call) for rule in RULES], file.language.name)
    return [rule.kind for rule, _ in asking.about(file.calls[-1]) if rule.kind != "of-all"]


def test_a_call_that_no_rule_is_about_is_shown_to_those_that_want_all():
    assert asked("len(x)") == []


def test_a_method_is_known_as_it_is_written():
    assert asked("worker.join()") == ["of-methods"]


def test_a_name_is_known_through_an_alias():
    assert asked("from queue import Queue as Q\nQ()") == ["of-names"]


def test_a_name_is_known_through_a_variable():
    assert asked("import queue\nmade = queue.Queue\nmade()") == ["of-names"]


def test_a_name_is_known_through_a_field_that_is_named_otherwise():
    code = "import queue\nclass A:\n    def __init__(self):\n        self.maker = queue.Queue\n    def f(self):\n"
    assert asked(code + "        self.maker()") == ["of-names"]


def test_a_name_is_known_through_what_javascript_takes_apart():
    assert "of-names" in asked("const { run: go } = require('tool');\ngo();", "app.js")


def test_a_method_of_that_last_part_is_not_yet_that_name():
    assert asked("mine.Queue()") == []


def test_a_rule_of_methods_and_names_is_asked_once():
    assert asked("import tool\ntool.run()") == ["of-either", "of-names"]
    assert asked("import tool\ntool.start()") == ["of-either"]


def test_a_rule_of_the_catalogue_sees_calls_that_its_sections_know():
    assert asked("import requests\nrequests.get(url)") == ["of-rows"]
    assert asked("import time\ntime.sleep(1)") == []


def test_a_rule_may_want_every_call_of_one_language():
    assert asked("package p\nfunc f() { g() }", "app.go") == ["of-all-in-go"]
