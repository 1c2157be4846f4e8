"""A fault test is written in the repository's own framework, or it is said why not."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from bot.diff import parse_hunks
from bot.domain.searching import Hit
from bot.errors import SourceError
from bot.llm import load_prompt
from bot.review.proving.ground import Ground, ground_of
from bot.review.proving.knowledge import fault_for
from bot.review.proving.writing import inputs_for, proved
from bot.review.surroundings.around import Around
from bot.settings.taxonomy import taxonomy
from tests.review.repositories import GO, PROVED, PYTEST, PYTHON, TYPESCRIPT, Files, Repository, Writer

CASES = pytest.mark.parametrize(("framework", "case"), PROVED.items(), ids=PROVED)


@CASES
def test_a_right_test_is_taken_as_it_is(framework: str, case: tuple[Repository, str, str]) -> None:
    repository, test, path = case
    found = proved(repository.desk(), repository.finding, Writer(test))
    assert found.none is None
    assert found.proof is not None
    assert (found.proof.framework, found.proof.path) == (framework, path)
    assert found.proof.text == test.rstrip("\n")
    assert found.proof.writer == "openai:scripted"


@CASES
def test_the_model_sees_the_code_and_how_tests_are_written_here(
    framework: str, case: tuple[Repository, str, str]
) -> None:
    repository, test, path = case
    writer = Writer(test)
    proved(repository.desk(), repository.finding, writer)
    (inputs,) = writer.shown
    assert inputs["framework"] == framework
    assert repository.evidence.split("(")[0] in inputs["code"]
    assert path in inputs["place"]
    assert "never answers" in inputs["fault"]
    assert load_prompt("prove").render(inputs, "n0nce").user


def test_a_test_of_the_repository_is_the_model_and_what_it_shares_is_shown() -> None:
    files = {**PYTHON.files, "tests/conftest.py": "import pytest\n\n\n@pytest.fixture\ndef bank(): ...\n"}
    files["tests/test_pay.py"] = "from shop import pay\n\n\ndef test_charge(bank):\n    assert pay.charge\n"
    repository = replace(PYTHON, files=files)
    ground = ground_of(repository.desk(), repository.finding)
    assert isinstance(ground, Ground)
    assert ground.model_path == "tests/test_pay.py"
    inputs = inputs_for(repository.desk(), ground)
    assert "def test_charge(bank)" in inputs["model"]
    assert "def bank()" in inputs["shared"]


def test_what_the_model_test_imports_of_the_tests_themselves_is_shown() -> None:
    fakes = "class Bank:\n    def charge(self, order): ...\n"
    server = "def bank_server(): ...\n"
    conftest = "from tests.support.server import bank_server\n"
    files = {**PYTHON.files, "tests/fakes.py": fakes, "tests/support/server.py": server, "tests/conftest.py": conftest}
    files["tests/test_pay.py"] = (
        "from shop import pay\nfrom tests import fakes\n\n\ndef test_charge():\n    assert pay\n"
    )
    repository = replace(PYTHON, files=files)
    ground = ground_of(repository.desk(), repository.finding)
    assert isinstance(ground, Ground)
    assert ground.shared.split("# ")[1:] == [
        f"tests/conftest.py\n{conftest}\n\n", f"tests/fakes.py\n{fakes}\n\n", f"tests/support/server.py\n{server}"
    ]  # fmt: skip
    files = {**TYPESCRIPT.files, "src/tests/queue.ts": "export const queue = [];\n"}
    used = (
        'import { test } from "vitest";\nimport { queue } from "./tests/queue.js";\nimport { rate } from "./rates";\n'
    )
    files["src/rates.test.ts"] = used
    ground = ground_of(replace(TYPESCRIPT, files=files).desk(), TYPESCRIPT.finding)
    assert isinstance(ground, Ground)
    assert ground.shared == "# src/tests/queue.ts\nexport const queue = [];\n"


@pytest.mark.parametrize(
    ("model", "folder"),
    [("__tests__/cart.test.ts", "__tests__"), ("src/shop/__tests__/cart.test.ts", "src/__tests__")],
)
def test_where_all_tests_lie_in_one_folder_so_does_this_one(model: str, folder: str) -> None:
    files = {path: text for path, text in TYPESCRIPT.files.items() if ".test." not in path}
    repository = replace(
        TYPESCRIPT, files={**files, model: 'import { test } from "vitest";\ntest("rate", () => {});\n'}
    )
    ground = ground_of(repository.desk(), repository.finding)
    assert isinstance(ground, Ground)
    assert ground.path == f"{folder}/rates.hang.test.ts"


def test_who_calls_the_function_is_shown() -> None:
    files = {
        **PYTHON.files,
        "shop/till.py": "from shop.pay import charge\n\n\ndef close(day):\n    charge(f'{day}-7')\n",
    }
    desk = replace(PYTHON, files=files).desk()
    change, contents = desk.snapshot.change, desk.snapshot.contents
    added = parse_hunks(
        "@@ -0,0 +1,7 @@\n" + "\n".join(f"+{line}" for line in files["shop/pay.py"].rstrip().split("\n"))
    )
    patch = replace(change.patches[0], hunks=added)
    around = Around(replace(change, patches=(patch,)), contents, desk.guard, Files(files))
    writer = Writer(PYTEST)
    proved(replace(desk, around=around), PYTHON.finding, writer)
    assert "charge(f'{day}-7')" in writer.shown[0]["surroundings"]


def test_a_secret_in_a_model_test_stays_here() -> None:
    key = f"ghp_{'a' * 36}"
    files = {
        **PYTHON.files,
        "tests/test_pay.py": f"from shop import pay\n\nKEY = '{key}'\n\n\ndef test_charge():\n    assert pay\n",
    }
    repository = replace(PYTHON, files=files)
    writer = Writer(PYTEST)
    proved(repository.desk(), repository.finding, writer)
    assert key not in str(writer.shown)


def test_what_policy_ignores_is_no_model() -> None:
    desk = replace(PYTHON.desk(), may_show=lambda path, content: not path.startswith("tests/"))
    ground = ground_of(desk, PYTHON.finding)
    assert not isinstance(ground, Ground)
    assert "no test framework" in ground.reason


def test_a_test_that_is_there_already_is_not_written_over() -> None:
    files = {**PYTHON.files, "tests/test_pay_hang.py": "from shop import pay\n\n\ndef test_charge():\n    assert pay\n"}
    repository = replace(PYTHON, files=files)
    ground = ground_of(repository.desk(), repository.finding)
    assert isinstance(ground, Ground)
    assert ground.path == "tests/test_pay_hang_a1b2c3d.py"


def test_a_refused_test_may_be_repaired_once() -> None:
    writer = Writer(PYTEST.replace("    assert not caller.is_alive()\n", ""), PYTEST)
    found = proved(PYTHON.desk(), PYTHON.finding, writer)
    assert found.proof is not None
    assert found.cost_usd == 0.5
    assert writer.shown[0]["refused"] == ""
    assert writer.shown[1]["refused"] == "Refused because it asserts nothing."
    assert "caller.join" in writer.shown[1]["earlier"]


def test_one_that_is_refused_twice_is_not_shown() -> None:
    broken = PYTEST.replace("assert not caller", "assert not (caller")
    found = proved(PYTHON.desk(), PYTHON.finding, Writer(PYTEST.replace("socket", "subprocess"), broken))
    assert found.proof is None
    assert found.none is not None
    assert "first it runs or loads something else (`subprocess`); then it does not parse" in found.none.reason


def test_a_model_that_can_write_none_is_believed() -> None:
    found = proved(PYTHON.desk(), PYTHON.finding, Writer(None))
    assert found.none is not None
    assert found.none.needs == "Check the order's number."


@pytest.mark.parametrize("class_", taxonomy())
def test_of_every_class_it_is_known_whether_a_fault_shows_it(class_: str) -> None:
    for kind in taxonomy()[class_]:
        fault = fault_for(class_, kind)
        assert not isinstance(fault, str) or "nobody has written down" not in fault, f"{class_}/{kind}"


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"class_": "config-hazard", "kind": "latest-image"}, "no fault test fits `config-hazard/latest-image`"),
        ({"evidence": "URL = 'https://bank.example/charge'"}, "outside of any function"),
        ({"path": "tests/test_cart.py", "evidence": "assert cart.total([1]) == 1"}, "stands in a test itself"),
    ],
)
def test_where_none_can_be_written_the_reason_is_told(change: dict[str, str], why: str) -> None:
    repository = replace(PYTHON, **change)  # type: ignore[arg-type]
    found = proved(repository.desk(), repository.finding, Writer())
    assert found.none is not None
    assert why in found.none.reason


def test_a_finding_whose_code_is_gone_is_not_proved() -> None:
    finding = PYTHON.finding.model_copy(update={"evidence": "requests.get(OTHER)"})
    found = proved(PYTHON.desk(), finding, Writer())
    assert found.none is not None
    assert "not in the head any more" in found.none.reason


def test_without_a_test_or_a_manifest_no_framework_is_guessed() -> None:
    files = {path: text for path, text in PYTHON.files.items() if path.startswith("shop/")}
    repository = replace(PYTHON, files=files)
    found = proved(repository.desk(has_search=False), repository.finding, Writer())
    assert found.none is not None
    assert found.none.reason == "no test framework of this repository could be told (copies are off)"
    assert "pytest, unittest" in found.none.needs


def test_where_the_search_breaks_a_test_of_the_change_itself_will_do() -> None:
    class Broken(Files):
        def find(self, names: Sequence[str], suffixes: Sequence[str]) -> list[Hit]:
            raise SourceError("the copy is gone")

    desk = replace(PYTHON.desk(), search=Broken(PYTHON.files))
    found = proved(desk, PYTHON.finding, Writer(PYTEST))
    assert found.none is not None
    assert "(the copy is gone)" in found.none.reason
    with_test = replace(PYTHON, changed=("tests/test_cart.py",))
    found = proved(replace(with_test.desk(), search=Broken(PYTHON.files)), PYTHON.finding, Writer(PYTEST))
    assert found.proof is not None


@pytest.mark.parametrize(
    ("repository", "begins"),
    [(PYTHON, '"""charge must not wait for ever'), (TYPESCRIPT, 'import { createServer } from "node:net";')],
    ids=["pytest", "vitest"],
)
def test_without_a_model_the_commonest_have_a_template(repository: Repository, begins: str) -> None:
    found = proved(repository.desk(), repository.finding, None)
    assert found.proof is not None, found.none
    assert found.proof.text.startswith(begins)
    assert found.proof.writer == ""


def test_without_a_model_nothing_is_guessed() -> None:
    untyped = {
        **PYTHON.files,
        "shop/pay.py": PYTHON.files["shop/pay.py"].replace("order_id: str", "order").replace("{order_id}", "{order}"),
    }
    repository = replace(PYTHON, files=untyped, evidence="requests.get(f'{URL}/{order}')")
    found = proved(repository.desk(), repository.finding, None)
    assert found.none is not None
    assert "what `charge` must be called with cannot be told" in found.none.reason
    assert "SEAWALL_LLM__MODEL" in found.none.needs
    found = proved(GO.desk(), GO.finding, None)
    assert found.none is not None
    assert "no template of our own for go test" in found.none.reason
