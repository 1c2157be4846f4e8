"""A rule is drafted of a confirmed finding, and kept only where it proves itself."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from bot.diff import parse_hunks
from bot.domain import Change, DraftedRule, Finding, ModelText, Patch, PatchStatus, Point, PullRequest, RuleDraft
from bot.domain.searching import Hit
from bot.errors import ModelUnavailable
from bot.redaction import MASK
from bot.review.drafting.drafting import Wanted, drafted
from bot.review.drafting.elsewhere import elsewhere, words_of
from bot.review.drafting.proving import MOST_PLACES
from bot.review.drafting.writing import name_of, toml_of
from bot.review.judging import Judging
from bot.review.snapshot import Snapshot
from bot.review.stages import Desk
from bot.rules import FilePair
from bot.rules.teams import read_rules
from bot.settings import Policy, PolicyInForce
from tests.chat.people import PULL_REQUEST
from tests.rules.test_teams import Here, found

PATH = "shop/orders.py"
DEFECT = """\
def place(order, broker, store):
    with store.transaction():
        store.save(order)
        broker.publish("orders", order.id)
    return order.id
"""
MENDED = """\
def place(order, broker, store):
    with store.transaction():
        store.save(order)
    broker.publish("orders", order.id)
    return order.id
"""
QUERY = """((with_statement
  (with_clause (with_item (call function: (attribute attribute: (identifier) @opens))))
  body: (block (expression_statement (call function: (attribute attribute: (identifier) @says)) @finding)))
  (#eq? @opens "transaction") (#eq? @says "publish"))"""
BAD = 'with db.transaction():\n    bus.publish("paid", key)'
GOOD = 'with db.transaction():\n    db.save(row)\nbus.publish("paid", key)'
RULE: dict[str, Any] = {
    "name": "Publish inside transaction",
    "title": "A message is sent before the transaction is over",
    "body": "Where the transaction fails after the message is out, others act on what never happened.",
    "fix": "Publish after the transaction, or write the message to an outbox in it.",
    "class": "correctness",
    "severity": "high",
    "looks_by": "query",
    "looks_for": QUERY,
    "bad": (BAD,),
    "good": (GOOD,),
}
PATCH = """\
@@ -1,2 +1,4 @@
 def place(order, broker, store):
+    with store.transaction():
+        store.save(order)
     return order.id"""


def rule(**other: Any) -> DraftedRule:
    return DraftedRule.model_validate(RULE | other)


class Scribe:
    """A model that drafts these, one after the other; the last one for ever."""

    name = "openai:scribe"

    def __init__(self, *rules: DraftedRule | None) -> None:
        self.rules = list(rules) or [rule()]
        self.shown: list[Mapping[str, str]] = []

    def answer(self, prompt: str, inputs: Mapping[str, str]) -> ModelText:
        assert prompt == "draft-rule"
        self.shown.append(inputs)
        said = self.rules[min(len(self.shown), len(self.rules)) - 1]
        return ModelText(text="It sees one function.", rule=said, model=self.name, prompt=prompt, prompt_version="1+0")


@dataclass
class Tree:
    """All files of a head."""

    files: Mapping[str, str]
    asked: list[Sequence[str]] = field(default_factory=list)

    def find(self, names: Sequence[str], suffixes: Sequence[str]) -> Sequence[Hit]:
        self.asked.append(names)
        return [Hit(path, 1, text) for path, text in self.files.items() if any(name in text for name in names)]

    def read(self, paths: Sequence[str]) -> Mapping[str, bytes]:
        return {path: self.files[path].encode() for path in paths}


def desk(head: str = DEFECT, files: Mapping[str, str] | None = None, policy: Policy | None = None, **more: Any) -> Desk:
    patch = Patch(path=PATH, status=PatchStatus.MODIFIED, hunks=parse_hunks(PATCH))
    change = Change(base_sha="b" * 40, head_sha="a" * 40, patches=(patch,), title="Orders")
    content = head.encode()
    pair = FilePair(PATH, None, None, content, patch.added())
    snapshot = Snapshot(change, PolicyInForce(policy or Policy()), (pair,), {PATH: content})
    search = Tree(files) if files is not None else None
    return Desk(
        snapshot=snapshot, guard=Here(), model=None, today="2026-11-22", input_budget=24_000, search=search, **more
    )  # fmt: skip


def point(**of_finding: Any) -> Point:
    told = {
        "path": PATH,
        "start_line": 4,
        "end_line": 4,
        "class": "correctness",
        "kind": "other",
        "rule": "correctness/other",
        "severity": "high",
        "confidence": 0.9,
        "source": "model",
        "title": "The message is out before the order is stored",
        "body": "A rollback leaves a message about nothing.",
        "evidence": '        broker.publish("orders", order.id)',
        "scope": "place",
        "fingerprint": "f00dfeed00000000",
    }
    finding = Finding.model_validate(told | of_finding)
    return Point(fingerprint=finding.fingerprint, finding=finding, first_head="1" * 40, last_head="a" * 40)


def draft(
    laid: Desk,
    model: Scribe,
    read_at: Callable[[PullRequest, str, str], bytes | None] = lambda *_: DEFECT.encode(),
    earlier: Iterable[RuleDraft] = (),
    at: Point | None = None,
) -> RuleDraft:
    is_mended = laid.snapshot.contents[PATH] != DEFECT.encode()
    at = (at or point()).model_copy(update={"state": "fixed" if is_mended else "accepted"})
    wanted = Wanted("d-0a1b2c3", PULL_REQUEST, at, "2026-11-22T09:00:00+00:00")
    return drafted(laid, model, wanted, read_at, tuple(earlier))  # type: ignore[arg-type]  # a scribe reviews nothing


def test_a_rule_that_finds_the_defect_and_not_the_mended_code_is_kept() -> None:
    made = draft(desk(MENDED, {"shop/carts.py": MENDED}), Scribe())
    assert made.is_kept, made.why_not
    assert (made.name, made.places, made.files) == ("own/publish-inside-transaction", (), 2)
    assert (made.rule, made.number, made.fingerprint) == ("correctness/other", 7, "f00dfeed00000000")
    assert (made.model, made.prompt_version, made.asked_by) == ("openai:scribe", "1+0", "")


def test_its_file_is_one_that_a_team_could_have_written() -> None:
    made = draft(desk(), Scribe())
    read = read_rules(found(made.toml, "publish-inside-transaction"))
    assert read.problems == ()
    (own,) = read.rules
    assert (own.title, own.severity, own.class_, own.languages) == (RULE["title"], "high", "correctness", ("python",))
    assert own.query.strip() == QUERY
    assert (own.bad[0].code.strip(), own.good[0].code.strip()) == (BAD, GOOD)
    assert "finding f00dfee of acme/shop#7" in made.toml.splitlines()[0]


def test_the_model_is_shown_the_defect_its_tree_and_how_it_was_mended() -> None:
    model = Scribe()
    draft(desk(MENDED), model)
    (inputs,) = model.shown
    assert '4           broker.publish("orders", order.id)' in inputs["code"]
    assert "attribute: (identifier) publish" in inputs["tree"]
    assert '4       broker.publish("orders", order.id)' in inputs["mended"]
    assert (inputs["language"], inputs["rejected"], inputs["near"]) == ("python", "", "")


def test_every_input_is_one_that_the_prompt_declares() -> None:
    from bot.llm import load_prompt

    model = Scribe()
    draft(desk(), model)
    assert load_prompt("draft-rule").render(model.shown[0], "n0nce").user


def test_a_defect_that_still_stands_needs_no_mended_code_and_no_earlier_head() -> None:
    model = Scribe()
    made = draft(desk(DEFECT), model, read_at=lambda *_: pytest.fail("the head has it"))
    assert made.is_kept
    assert model.shown[0]["mended"] == ""


FLAWS: list[tuple[dict[str, Any], str]] = [
    ({"looks_for": "(nonsense"}, "its `query`: Python does not understand it"),
    ({"looks_for": QUERY.replace("publish", "emit")}, "its bad example 1 raises nothing"),
    ({"good": (BAD,)}, "its good example 1 is reported on line 2"),
    ({"good": ()}, "it has no good example"),
    ({"bad": ()}, "`bad`"),
    ({"title": ""}, "`title`"),
    ({"bad": (f'{BAD}\nkey = "ghp_{"a" * 36}"',)}, "it holds a secret"),
    ({"bad": (f"{BAD}\nkey = '{MASK}'",)}, "it holds a secret"),
    (
        {"looks_for": QUERY.replace("transaction", "unit"), "bad": (BAD.replace("transaction", "unit"),)},
        "it does not find the defect at line 4 of shop/orders.py",
    ),
    (
        {
            "looks_for": '((call function: (attribute attribute: (identifier) @m)) @finding (#eq? @m "publish"))',
            "good": ("bus.send(key)",),
        },
        "it finds the mended code too, at line 4 of shop/orders.py",
    ),
]


@pytest.mark.parametrize(("flaw", "why"), FLAWS)
def test_a_rule_that_does_not_prove_itself_is_sent_back_once_with_the_reason(flaw: dict[str, Any], why: str) -> None:
    model = Scribe(rule(**flaw), rule())
    made = draft(desk(MENDED), model)
    assert made.is_kept
    first, second = model.shown
    assert first["rejected"] == ""
    assert why in second["rejected"]
    assert "query = " in second["rejected"]


@pytest.mark.parametrize(("flaw", "why"), FLAWS)
def test_one_that_never_does_is_not_kept_and_says_why(flaw: dict[str, Any], why: str) -> None:
    model = Scribe(rule(**flaw))
    made = draft(desk(MENDED), model)
    assert not made.is_kept
    assert why in made.why_not
    assert (made.toml, made.name, len(model.shown)) == ("", "", 2)


def test_a_rule_about_a_habit_is_not_kept() -> None:
    everywhere = {f"shop/part_{number}.py": DEFECT for number in range(MOST_PLACES + 1)}
    made = draft(desk(MENDED, everywhere), Scribe())
    assert f"it finds {MOST_PLACES + 1} other places, among them shop/part_0.py:4" in made.why_not


def test_other_places_are_told_and_tests_and_what_policy_ignores_are_none() -> None:
    files = {
        "shop/returns.py": DEFECT, "tests/test_orders.py": DEFECT, "legacy/old.py": DEFECT, "shop/app.js": DEFECT,
        "shop/other.py": "x = 1\n",
    }  # fmt: skip
    made = draft(desk(MENDED, files, Policy(ignore_paths=("legacy/**",))), Scribe())
    assert (made.places, made.files) == (("shop/returns.py:4",), 2)


def test_where_no_pattern_can_tell_the_model_says_so_and_is_not_asked_again() -> None:
    model = Scribe(rule(looks_for=""))
    made = draft(desk(), model)
    assert made.why_not == "no rule can tell, says the model: It sees one function."
    assert len(model.shown) == 1


def test_an_answer_that_holds_no_rule_is_sent_back() -> None:
    model = Scribe(None, rule())
    assert draft(desk(), model).is_kept
    assert "does not hold what the schema asks for" in model.shown[1]["rejected"]


def test_what_an_earlier_draft_or_an_own_rule_finds_is_not_drafted_again() -> None:
    first = draft(desk(), Scribe())
    model = Scribe()
    assert "own/publish-inside-transaction finds it already" in draft(desk(), model, earlier=[first]).why_not
    own = read_rules(found(first.toml, "ours")).rules
    assert "own/ours finds it already" in draft(desk(judging=Judging(own=own)), model).why_not
    assert model.shown == []


def test_a_name_that_is_taken_gets_a_number() -> None:
    assert name_of(rule(), ()) == "publish-inside-transaction"
    assert name_of(rule(), {"publish-inside-transaction"}) == "publish-inside-transaction-2"
    assert name_of(rule(name="own/ÜÄ"), ()) == "drafted" or name_of(rule(name="", title="A b c"), ()) == "a-b-c"


@pytest.mark.parametrize("text", ["it's", "'''", 'a "b" \\c', "tab\there", "\x01bell\x7f", "two\nlines", "ends'"])
def test_whatever_a_model_says_stays_the_value_of_its_key(text: str) -> None:
    import tomllib

    made = tomllib.loads(toml_of(rule(body=f"{text} = 1\nseverity", bad=(text,)), "python", f"of {text}"))
    assert made["body"] == f"{text} = 1\nseverity"
    assert made["bad"][0].rstrip("\n") == text
    assert made["severity"] == "high"


def test_a_finding_whose_code_is_gone_from_every_head_gives_no_draft() -> None:
    made = draft(desk("x = 1\n"), Scribe(), read_at=lambda *_: None)
    assert made.why_not == "the code in which it was found cannot be read any more"


def test_of_what_a_rule_found_no_other_is_drafted() -> None:
    model = Scribe()
    made = draft(desk(), model, at=point(source="rule", rule="missing-timeout/http-or-socket-call"))
    assert made.why_not == "the rule missing-timeout/http-or-socket-call finds this already"
    assert model.shown == []


@pytest.mark.parametrize(
    ("looks", "words"),
    [
        ({"looks_by": "pattern", "looks_for": "$BROKER.publish($$$ARGS)"}, ["publish"]),
        ({"looks_by": "pattern", "looks_for": "with $A.begin(): $$$"}, ["begin"]),
        ({"looks_by": "query", "looks_for": QUERY}, ["transaction", "publish"]),
        ({"looks_by": "query", "looks_for": '((call) @finding (#match? @finding "^(a|b)"))'}, []),
        ({"looks_by": "query", "looks_for": '((call) @finding (#not-eq? @finding "publish"))'}, []),
    ],
)
def test_the_words_that_code_must_hold_to_be_found(looks: dict[str, Any], words: list[str]) -> None:
    assert words_of(rule(**looks)) == words


def test_without_a_search_the_changed_files_alone_are_tried() -> None:
    tried = elsewhere(desk(), rule(), "python")
    assert ([path for path, _ in tried.files], tried.is_all) == ([PATH], False)
    assert elsewhere(desk(files={"a.py": DEFECT}), rule(), "python").is_all


def test_a_model_that_is_away_is_no_failed_draft() -> None:
    class Away(Scribe):
        def answer(self, prompt: str, inputs: Mapping[str, str]) -> ModelText:
            raise ModelUnavailable("429")

    with pytest.raises(ModelUnavailable):
        draft(replace(desk()), Away())
