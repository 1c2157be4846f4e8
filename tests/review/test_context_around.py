"""What stands around a change, and what of it a question shows."""

import pytest

from bot.diff import parse_hunks
from bot.domain import Change, Patch, PatchStatus, Profile
from bot.errors import SourceError
from bot.llm import estimate_tokens, load_prompt
from bot.review.context import Known, pack
from bot.review.surroundings.around import Around, ChangedAlone
from tests.review.lives import InProcess
from tests.review.test_context import patch_of

PAY = '''class Payments(Gateway):
    """Talks to the bank."""

    limit = 5

    def __init__(self, session):
        self.session = session

    def charge(self, order, amount):
        if amount > MAX_AMOUNT:
            raise ValueError(amount)
        return post_json(self.session, "/charge", amount)

    def refund(self, order):
        return self.charge(order, 0)
'''
HTTP = '''import requests


# One place for all requests.
def post_json(session, url, body, timeout=None):
    """Posts JSON, and waits for ever unless told otherwise."""
    reply = session.post(url, json=body, timeout=timeout)
    return reply.json()
'''
CHECKOUT = """from shop.pay import Payments


def check_out(order, payments):
    total = sum(order)
    for attempt in range(3):
        try:
            return payments.charge(order, total)
        except TimeoutError:
            continue
"""
VOUCHERS = """from shop.gateway import Gateway


class Vouchers(Gateway):
    def charge(self, order, amount):
        return self.book(order, amount)
"""
TESTS = """from shop.pay import Payments


def test_charging_takes_the_amount():
    assert Payments(None).charge([], 1) == 1
"""
TREE = {
    "shop/http.py": HTTP,
    "shop/checkout.py": CHECKOUT,
    "shop/vouchers.py": VOUCHERS,
    "shop/limits.py": "MIN_AMOUNT = 1\nMAX_AMOUNT = 5000  # cents\n",
    "tests/test_pay.py": TESTS,
    "shop/batteries.py": "def charge_battery(volts):\n    return volts\n\n\n# charge it twice\n",
}
CHANGED = PAY.replace("post_json(self.session", "post_json(self.session or new()").replace(
    ", amount):", ", amount, currency):"
)


class Tree(ChangedAlone):
    """A search of files in memory."""

    def read(self, paths):
        return {path: self._contents[path] for path in paths if path in self._contents}


class Broken:
    def find(self, names, suffixes):
        raise SourceError("git took too long (grep).")


def around(before=PAY, after=CHANGED, path="shop/pay.py", tree=TREE, search=None):
    change = Change("b" * 40, "a" * 40, (patch_of(path, before, after),))
    contents = {path: after.encode()}
    everything = {name: text.encode() for name, text in tree.items()} | contents
    return change, contents, Around(change, contents, InProcess(), search or Tree(everything))


def pieces(*args, **more):
    *_, it = around(*args, **more)
    return {(piece.kind, piece.name, piece.path): piece for piece in it.gathered().pieces}


def shown(profile=Profile.BALANCED, budget=24_000, **more):
    change, contents, it = around(**more)
    known = Known(it.facts, it.kin, it.gathered)
    (question,) = pack(change, contents, budget_tokens=budget, profile=profile, known=known).questions
    return question.inputs["surroundings"]


def test_what_the_change_calls_is_shown_with_its_signature_and_what_it_says_of_itself():
    piece = pieces()["callee", "post_json", "shop/http.py"]
    assert piece.forms[-1].text == (
        "### shop/http.py (called in Payments.charge)\n"
        "4   # One place for all requests.\n"
        "5   def post_json(session, url, body, timeout=None):\n"
        '6       """Posts JSON, and waits for ever unless told otherwise."""'
    )
    assert "reply.json()" in piece.forms[0].text
    assert piece.serves == {"shop/pay.py"}


def test_who_calls_it_is_shown_with_the_lines_around_the_call():
    piece = pieces()["caller", "charge", "shop/checkout.py"]
    assert piece.forms[-1].text == (
        "### shop/checkout.py (uses charge in check_out)\n"
        "4   def check_out(order, payments):\n"
        "…\n"
        "8               return payments.charge(order, total)"
    )
    assert "except TimeoutError" in piece.forms[0].text


def test_tests_siblings_constants_and_the_class_are_shown():
    found = pieces()
    assert "assert Payments(None).charge([], 1) == 1" in found["test", "charge", "tests/test_pay.py"].forms[0].text
    assert "self.book(order, amount)" in found["sibling", "Vouchers.charge", "shop/vouchers.py"].forms[0].text
    assert "MAX_AMOUNT = 5000" in found["constant", "MAX_AMOUNT", "shop/limits.py"].forms[-1].text
    head = found["class", "Payments", "shop/pay.py"].forms[0].text
    assert "class Payments(Gateway):" in head
    assert "self.session = session" in head


def test_what_a_remark_shouts_is_no_constant():
    after = CHANGED.replace("        if amount >", "        # TODO: the limit per CURRENCY\n        if amount >")
    tree = TREE | {"shop/debts.py": "CURRENCY = 'EUR'\nTODO = 1\n"}
    assert {name for kind, name, _ in pieces(after=after, tree=tree) if kind == "constant"} == {"MAX_AMOUNT"}


def test_values_of_secrets_are_not_looked_for_and_beside_a_key_nothing_is_shown():
    after = CHANGED.replace("MAX_AMOUNT:", "MAX_AMOUNT and settings.bank_token and settings.bank_limit:")
    tree = {"config/shop.yaml": "bank_password: hunter2\nbank_limit: 40\nbank_token: hunter3\n"}
    found = pieces(after=after, tree=tree)
    assert [form.text.split("\n")[1] for form in found["constant", "bank_limit", "config/shop.yaml"].forms] == [
        "2   bank_limit: 40"
    ]
    assert not any("hunter" in form.text for piece in found.values() for form in piece.forms)


def test_what_only_sounds_alike_is_not_shown():
    assert "shop/batteries.py" not in {path for _, _, path in pieces()}


def test_callers_of_what_the_change_took_away_are_told_that_it_is_gone():
    after = PAY[: PAY.index("    def refund")]
    tree = TREE | {"shop/returns.py": "def take_back(payments, order):\n    return payments.refund(order)\n"}
    piece = pieces(after=after, tree=tree)["caller", "refund", "shop/returns.py"]
    assert "(uses refund in take_back, and refund is gone)" in piece.forms[0].text


def test_a_method_of_the_library_is_not_taken_for_one_of_ours():
    before = "import requests\n\n\ndef ping(url):\n    return requests.fetch(url)\n"
    tree = {"shop/other.py": "def fetch(url):\n    return url\n"}
    assert pieces(before, before.replace("(url)\n", "(url, timeout=3)\n"), "shop/ping.py", tree) == {}


def test_a_new_signature_makes_callers_dearer_than_a_new_body():
    body = pieces(after=PAY.replace("> MAX_AMOUNT", ">= MAX_AMOUNT"))["caller", "charge", "shop/checkout.py"]
    assert pieces()["caller", "charge", "shop/checkout.py"].value > body.value


def test_economy_shows_callee_signatures_and_callers_within_a_quarter_of_the_code():
    more = "".join(f"    is_large_{number} = {number} > limit\n" for number in range(40))
    change, contents, it = around(PAY + more, CHANGED + more)
    known = Known(it.facts, it.kin, it.gathered)
    (question,) = pack(change, contents, profile=Profile.ECONOMY, known=known).questions
    cheap = question.inputs["surroundings"]
    assert estimate_tokens(cheap) <= estimate_tokens(question.inputs["code"]) * 0.25 + 1
    assert "def post_json" in cheap
    assert "payments.charge(order, total)" in cheap
    assert "reply.json()" not in cheap
    assert "tests/test_pay.py" not in cheap


def test_dearer_profiles_show_more():
    economy, balanced, thorough = (len(shown(profile)) for profile in Profile)
    assert economy < balanced <= thorough


def test_pieces_are_whole_and_within_the_budget_and_what_found_no_room_is_named():
    callers = {
        f"shop/till_{number}.py": f"def sell_{number}(payments, order):\n" + "    order += 1\n" * 12
        + "    return payments.charge(order, 5)\n"
        for number in range(40)
    }  # fmt: skip
    change, contents, it = around(tree=TREE | callers)
    known = Known(it.facts, it.kin, it.gathered)
    budget = load_prompt("review").overhead({}) + 1_100
    packed = pack(change, contents, budget_tokens=budget, known=known)
    (question,) = packed.questions
    assert load_prompt("review").render(question.inputs, "0" * 16).tokens <= budget
    texts = {form.text for piece in it.gathered().pieces for form in piece.forms}
    assert all(text in texts for text in question.inputs["surroundings"].split("\n\n"))
    assert any(note.startswith("Of the code around the change, the model was not shown: ") for note in packed.notes)


def test_what_the_question_shows_already_is_not_shown_again():
    assert "return self.charge(order, 0)" not in shown()  # a small file is shown whole


def test_secrets_of_the_files_around_are_masked():
    secret = "ghp_" + "a" * 36
    assert secret not in shown(tree=TREE | {"shop/http.py": HTTP.replace("reply.json()", f'reply.json("{secret}")')})


def test_a_search_that_fails_leaves_the_changed_files_and_a_note():
    change, contents, it = around(search=Broken())
    packed = pack(change, contents, known=Known(it.facts, it.kin, it.gathered))
    assert packed.notes == ("The code around the change could not be searched: git took too long (grep).",)
    assert packed.questions[0].paths == ("shop/pay.py",)


def test_where_nothing_can_be_searched_callers_in_the_other_changed_files_are_still_found():
    files = {
        "shop/pay.py": (PAY, CHANGED),
        "shop/checkout.py": (CHECKOUT + "\nx = 1\n" * 90, CHECKOUT + "\nx = 1\n" * 91),
    }
    change = Change("b", "a", tuple(patch_of(path, *sides) for path, sides in files.items()))
    contents = {path: after.encode() for path, (_, after) in files.items()}
    it = Around(change, contents, InProcess(), None, "No git here.")
    assert it.gathered().note == "No git here."
    assert ("caller", "shop/checkout.py") in {(piece.kind, piece.path) for piece in it.gathered().pieces}


def test_the_questions_are_the_same_whether_or_not_anything_around_is_found():
    numbered = "".join(f"def step_{n}(x):\n    return charge(x, {n})\n\n\n" for n in range(60))
    files = {f"shop/part_{n}.py": ("", numbered.replace("step", f"part_{n}")) for n in range(4)}
    change = Change("b", "a", tuple(patch_of(path, *sides) for path, sides in files.items()))
    contents = {path: after.encode() for path, (_, after) in files.items()}
    it = Around(change, contents, InProcess(), Tree({name: text.encode() for name, text in TREE.items()}))
    with_all = pack(change, contents, budget_tokens=4_500, known=Known(it.facts, it.kin, it.gathered))
    blind = Around(change, contents, InProcess(), Broken())
    without = pack(change, contents, budget_tokens=4_500, known=Known(blind.facts, blind.kin, blind.gathered))
    assert len(with_all.questions) > 2
    for one, other in zip(with_all.questions, without.questions, strict=True):
        assert (one.paths, one.inputs["code"]) == (other.paths, other.inputs["code"])


def test_files_that_call_each_other_go_into_one_question():
    filler = "".join(f"    total += {n}\n" for n in range(120))
    files = {
        "a.py": f"from z import last\n\n\ndef first(total):\n{filler}    return last(total)\n",
        "m.py": f"def middle(total):\n{filler}    return total\n",
        "z.py": f"def last(total):\n{filler}    return total\n",
    }
    change = Change("b", "a", tuple(patch_of(path, "", text) for path, text in files.items()))
    contents = {path: text.encode() for path, text in files.items()}
    it = Around(change, contents, InProcess(), None)
    packed = pack(change, contents, budget_tokens=6_200, known=Known(it.facts, it.kin))
    assert [question.paths for question in packed.questions] == [("a.py", "z.py"), ("m.py",)]
    assert packed.questions[1].inputs["elsewhere"].split("\n") == [
        "a.py (modified, +125 -0): first",
        "z.py (modified, +122 -0): last",
    ]


def test_the_author_of_a_very_large_change_is_told_what_to_split():
    text = "".join(f"row_{n} = {n}\n" for n in range(400))
    paths = [f"{folder}/part_{n}.py" for folder in ("web", "jobs") for n in range(8)]
    change = Change("b", "a", tuple(patch_of(path, "", text) for path in paths))
    packed = pack(change, dict.fromkeys(paths, text.encode()), budget_tokens=6_000, most_questions=4)
    (note,) = packed.notes
    assert "questions to the model" in note
    assert "jobs/ (8 files), web/ (8 files)" in note


@pytest.mark.parametrize(
    ("path", "definition", "call"),
    [
        (
            "pay.go",
            "func (c *Client) Charge(o int) error {\n\treturn nil\n}\n",
            "func Buy(c *Client) error {\n\treturn c.Charge(1)\n}\n",
        ),
        (
            "Client.java",
            "class Client {\n  int charge(int o) {\n    return o;\n  }\n}\n",
            "class Till {\n  int buy(Client client) {\n    return client.charge(1);\n  }\n}\n",
        ),
        (
            "client.ts",
            "export class Client {\n  charge(o: number) {\n    return o;\n  }\n}\n",
            "export function buy(client: Client) {\n  return client.charge(1);\n}\n",
        ),
        (
            "Client.cs",
            "class Client\n{\n    public int Charge(int o)\n    {\n        return o;\n    }\n}\n",
            "class Till\n{\n    int Buy(Client client)\n    {\n        return client.Charge(1);\n    }\n}\n",
        ),
        (
            "client.rs",
            "impl Client {\n    pub fn charge(&self, o: u32) -> u32 {\n        o\n    }\n}\n",
            "fn buy(client: &Client) -> u32 {\n    client.charge(1)\n}\n",
        ),
        (
            "client.rb",
            "class Client\n  def charge(o)\n    o\n  end\nend\n",
            "def buy(client)\n  client.charge(1)\nend\n",
        ),
        (
            "Client.kt",
            "class Client {\n    fun charge(o: Int): Int {\n        return o\n    }\n}\n",
            "fun buy(client: Client): Int {\n    return client.charge(1)\n}\n",
        ),
    ],
)
def test_callers_and_callees_are_found_in_every_language(path, definition, call):
    other = f"buying.{path.split('.')[1]}"
    changed = (
        definition.replace("return o", "return o + 1").replace("return nil", "return err").replace(" o\n", " o + 1\n")
    )
    assert changed != definition
    kinds = {(kind, name.lower(), where) for kind, name, where in pieces(definition, changed, path, {other: call})}
    assert ("caller", "charge", other) in kinds
    calls = {
        (kind, name.lower(), where)
        for kind, name, where in pieces(call.replace("(1)", "(2)"), call, other, {path: definition})
    }
    assert ("callee", "charge", path) in calls


def test_a_patch_that_only_takes_away_concerns_the_lines_around_the_gap():
    hunks = parse_hunks("@@ -1,3 +1,2 @@\n def f(x):\n-    check(x)\n     return g(x)")
    change = Change("b", "a", (Patch("a.py", PatchStatus.MODIFIED, hunks=hunks),))
    contents = {"a.py": b"def f(x):\n    return g(x)\n"}
    tree = Tree(contents | {"b.py": b"from a import f\n\n\ndef use():\n    return f(1)\n"})
    found = Around(change, contents, InProcess(), tree).gathered().pieces
    assert [(piece.kind, piece.path) for piece in found] == []  # a name of one letter is nobody's
    renamed = {
        path: text.replace(b"f(", b"total(").replace(b" f\n", b" total\n") for path, text in tree._contents.items()
    }
    hunks = parse_hunks("@@ -1,3 +1,2 @@\n def total(x):\n-    check(x)\n     return g(x)")
    change = Change("b", "a", (Patch("a.py", PatchStatus.MODIFIED, hunks=hunks),))
    found = Around(change, {"a.py": renamed["a.py"]}, InProcess(), Tree(renamed)).gathered().pieces
    assert [(piece.kind, piece.path) for piece in found] == [("caller", "b.py")]
