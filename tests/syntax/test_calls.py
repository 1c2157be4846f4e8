"""What a call is known by, and which shapes lie within a node."""

import pytest

from bot.syntax import Span, parse

GETS = frozenset({"requests.get"})


@pytest.mark.parametrize(
    ("code", "is_one"),
    [
        ("import requests\nrequests.get(u)", True),
        ("import requests as r\nr.get(u)", True),
        ("from requests import get as fetch\nfetch(u)", True),
        ("import requests\nfetch = requests.get\nfetch(u)", True),
        ("import requests\nrequests.post(u)", False),
        ("get(u)", False),
        ("import requests\nrequests.sessions.get(u)", False),
    ],
)
def test_a_call_is_one_of_names_as_its_canonical_name_is(code: str, is_one: bool) -> None:
    file = parse("a.py", code.encode())
    assert file is not None
    (call,) = file.calls
    assert call.is_one_of(GETS) is is_one
    assert (call.name in GETS) is is_one


def test_a_field_may_hold_it_under_another_name() -> None:
    code = "import requests\nclass A:\n    def __init__(self):\n        self.fetch = requests.get\n"
    file = parse("a.py", (code + "    def load(self, u):\n        return self.fetch(u)\n").encode())
    assert file is not None
    assert [call.is_one_of(GETS) for call in file.calls] == [True]


def test_a_name_that_is_bound_to_itself_comes_to_an_end() -> None:
    file = parse("a.py", b"def f(x):\n    x = x.strip()\n    x = x.lower()\n    return x.get(1)\n")
    assert file is not None
    assert [call.name for call in file.calls] == ["", "", ""]


def test_receiver_and_use_are_told_whichever_is_asked_first() -> None:
    for asked in (("receiver", "method"), ("method", "receiver")):
        file = parse("a.py", b"async def f(a):\n    b = await a.get(1)\n")
        assert file is not None
        (call,) = file.calls
        told = {name: getattr(call, name) for name in asked}
        assert (told["receiver"].text, told["method"]) == (b"a", "get")
    assert (call.user.type, call.is_awaited, call.use) == ("assignment", True, "assigned")


def test_what_begins_with_a_node_and_holds_it_is_not_within_it() -> None:
    file = parse("a.py", b"a(1)(2)(3)\nb(4)\n")
    assert file is not None
    outer, middle, inner, _ = file.calls
    assert file.within(file.calls, outer.node) == [outer, middle, inner]
    assert file.within(file.calls, middle.node) == [middle, inner]
    assert file.within(file.calls, inner.node) == [inner]
    assert [call.text for call in file.within(file.calls, Span(11, 15))] == ["b(4)"]
    assert file.within(file.calls, Span(4, 4)) == []
