"""Any sequence of pushes: no wrong `fixed`, no second comment, and nothing open that weighs no more.

The scripts are drawn; what each point truly is stays known, since every defect of the text carries a name of its own.
"""

from dataclasses import dataclass, replace
from random import Random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain import Point
from tests.review.lives import Life

MOVES = (
    "shift",
    "reformat",
    "rename file",
    "rename function",
    "swap",
    "comment",
    "pad",
    "context",
    "rebase",
    "nothing",
)
CHANGES = ("fix", "break", "delete function", "add equal")


@dataclass(frozen=True)
class Call:
    """`name` is the defect's own, part of its code; equal ones share it."""

    name: str
    is_mended: bool = False

    def __str__(self) -> str:
        return f"reply = requests.post(order.{self.name}{', timeout=3' if self.is_mended else ''})"


@dataclass(frozen=True)
class Text:
    """A file as a list of functions, each a list of calls."""

    functions: tuple[tuple[str, tuple[Call, ...]], ...]
    head: str = ""
    pad: int = 0
    wide: bool = False
    commented: bool = False

    def __str__(self) -> str:
        blocks = [f"{self.head}import requests\n"]
        for name, calls in self.functions:
            lines = [f"def {name}(order):", *(f"    audit({number})" for number in range(self.pad))]
            for call in calls:
                code = str(call)
                if self.wide:
                    code = code.replace("(", "(\n        ", 1).replace(", ", ",\n        ")[:-1] + ",\n    )"
                lines += ["    # on time" if self.commented else "", f"    {code}", "    keep(reply)"]
            blocks.append("\n".join([*lines, "    return order"]) + "\n")
        return "\n\n".join(blocks)


def start(random: Random) -> Text:
    functions = [
        (f"step_{number}", tuple(Call(f"f{number}_{index}") for index in range(random.randint(1, 3))))
        for number in range(random.randint(1, 3))
    ]
    return Text(tuple(functions))


def moved(text: Text, move: str, random: Random) -> Text:
    functions = list(text.functions)
    if move == "shift":
        return replace(text, head=text.head + f"import os{random.randint(0, 9)}\n")
    if move == "reformat":
        return replace(text, wide=not text.wide)
    if move == "comment":
        return replace(text, commented=not text.commented)
    if move == "pad":
        return replace(text, pad=text.pad + 1)
    if move == "swap":
        random.shuffle(functions)
    if move == "rename function":
        at = random.randrange(len(functions))
        functions[at] = (f"{functions[at][0]}x", functions[at][1])
    return replace(text, functions=tuple(functions))


def mended(text: Text, random: Random) -> tuple[Text, str]:
    """One call with a timeout; gives its name."""
    places = [
        (f, c) for f, (_, calls) in enumerate(text.functions) for c, call in enumerate(calls) if not call.is_mended
    ]
    if not places:
        return text, ""
    at, which = random.choice(places)
    name, calls = text.functions[at]
    new = tuple(replace(call, is_mended=True) if index == which else call for index, call in enumerate(calls))
    functions = [*text.functions[:at], (name, new), *text.functions[at + 1 :]]
    return replace(text, functions=tuple(functions)), calls[which].name


def function_of(name: str, text: Text) -> str:
    return next((function for function, calls in text.functions if any(call.name == name for call in calls)), "")


def name_of(point: Point) -> str:
    code = "".join(point.finding.evidence.split())
    return code.partition("order.")[2].partition(",")[0].partition(")")[0]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(0, 10**9), script=st.lists(st.sampled_from((*MOVES, "fix", "fix", "take back")), max_size=7))
def test_every_point_is_said_once_and_fixed_only_when_it_is(seed: int, script: list[str]) -> None:
    random = Random(seed)
    base = "import requests\n"
    text, path, renames = start(random), "pay.py", {}
    life = Life({"pay.py": base})
    life.push({path: str(text)})
    true_fixes: set[str] = set()
    elsewhere: set[str] = set()  # fixed before their function was renamed: taken back there it is another point
    again = 0
    for act in script:
        before = text
        context = 3
        mended_now = ""
        if act == "fix":
            text, mended_now = mended(text, random)
            true_fixes |= {mended_now} - {""}
        elif act == "take back" and true_fixes - elsewhere:
            name = sorted(true_fixes - elsewhere)[0]
            if any(p.state == "fixed" and name_of(p) == name for p in life.points):
                again += 1
            true_fixes -= {name}
            text = replace(
                text,
                functions=tuple(
                    (f, tuple(replace(c, is_mended=False) if c.name == name else c for c in calls))
                    for f, calls in text.functions
                ),
            )
        elif act == "rename file":
            path = f"p{random.randint(0, 10**6)}.py"
            renames = {path: "pay.py"}
        elif act in ("context", "rebase"):
            context = random.randint(0, 9)
            base = base + f"# base {random.randint(0, 9)}\n" if act == "rebase" else base
        else:
            text = moved(text, act, random)
            elsewhere |= {name for name in true_fixes if function_of(name, text) != function_of(name, before)}
        life.push({path: str(text)}, base={"pay.py": base}, renames=renames, context=context)
        told = f"{act}: {before} → {text}"
        states = {name_of(point): point.state for point in life.points}
        assert len(states) == len(life.points), told
        for name, state in states.items():
            assert (state == "fixed") <= (name in true_fixes), (name, told)
            assert (name in true_fixes) or state == "open", (name, state, told)
        assert not mended_now or states[mended_now] == "fixed", told
        weighing = {finding.fingerprint for finding in life.last.findings}
        assert {p.fingerprint for p in life.points if name_of(p) not in true_fixes} <= weighing, told
        assert len(life.said) == len(life.points) + again, told


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(0, 10**9), count=st.integers(2, 4), mends=st.integers(1, 3))
def test_of_equal_calls_only_those_that_were_mended_are_fixed(seed: int, count: int, mends: int) -> None:
    random = Random(seed)
    text = Text((("step", tuple(Call("url") for _ in range(count))),))
    life = Life({"pay.py": "import requests\n"})
    life.push({"pay.py": str(text)})
    in_order = sorted(life.points, key=lambda point: point.finding.start_line)
    names = [point.fingerprint for point in in_order]
    for _ in range(mends):
        text, _ = mended(text, random)
        life.push({"pay.py": str(moved(text, random.choice(["shift", "nothing", "nothing"]), random))})
        truth = dict(zip(names, (call.is_mended for call in text.functions[0][1]), strict=True))
        wrong = [p.fingerprint for p in life.points if p.state == "fixed" and not truth[p.fingerprint]]
        assert wrong == [], str(text)
        assert len(life.said) == len(life.points) == count
        assert len(life.last.findings) >= list(truth.values()).count(False)
