"""Who runs a file, told by all of the head: what costs a service alone is held back where no service runs it."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.domain import FoundText, PolicyTexts, Review, plain_step
from bot.errors import SourceError
from bot.review.desks import Desks
from bot.review.pipeline import examine
from bot.settings import load_settings
from tests.review.lives import InProcess, Trees
from tests.review.repositories import Files

REPORT = "import requests\n\n\ndef report():\n    requests.post(URL, json=rows())\n"
SHIP = "import requests\n\nrequests.post(URL, json=rows())\n"
STARTED = f'{REPORT}\n\nif __name__ == "__main__":\n    report()\n'
PAGE = "export async function load(id) {\n  return await axios.get(`https://shop.example/${id}`);\n}\n"
SHOWN = f'import axios from "axios";\n\n{PAGE}'


class WithRules(Trees):
    """The team's own rules beside it."""

    rules: tuple[FoundText, ...] = ()

    def policy(self) -> PolicyTexts:
        return super().policy().model_copy(update={"rules": self.rules})


def reviewed(
    files: dict[str, str], changed: str, policy: str = "", search: object = None, own: tuple[FoundText, ...] = ()
) -> Review:
    source = WithRules({}, {changed: files[changed]}, "a" * 40, {}, policy, 3)
    source.rules = own
    desk = Desks(load_settings({}), InProcess(), None, lambda: datetime(2026, 9, 1, tzinfo=UTC)).lay(source)  # type: ignore[arg-type]
    return examine(replace(desk, search=search or Files(files)), plain_step, lambda _: [])


def said(files: dict[str, str], changed: str = "", policy: str = "") -> list[str]:
    return [one.rule for one in reviewed(files, changed or next(iter(files)), policy).findings]


TIMEOUT = ["missing-timeout/http-or-socket-call"]


def test_a_program_that_ends_and_is_part_of_nothing_is_not_judged_as_a_service_is():
    review = reviewed({"shop/report.py": STARTED}, "shop/report.py")
    assert review.findings == ()
    assert [(one.rule, one.why) for one in review.held_back] == [(TIMEOUT[0], "below-confidence")]
    [note] = [note for note in review.receipt.notes if "report.py" in note]
    assert note == (
        "shop/report.py is started, ends, and is part of nothing else: what costs a service alone is held back."
    )


@pytest.mark.parametrize(
    "files",
    [
        {"shop/report.py": REPORT},  # it does nothing by itself: somebody must call it
        {"shop/report.py": STARTED, "shop/app.py": "from shop.report import report\n\nreport()\n"},
        {"shop/report.py": STARTED, "shop/app.py": "from shop import (\n    report,\n)\n\nreport()\n"},
        {"shop/report.py": STARTED, "shop/plugins.py": "LOADED = ['shop.report']\n"},
        {"shop/report.py": STARTED + "    while True:\n        report()\n"},
        {"shop/report.py": STARTED.replace("def report", "@app.route('/')\ndef report")},
        {"shop/report.py": REPORT + "\n\nclass Report(Task):\n    pass\n\n\nreport()\n"},
        {"shop/worker.py": STARTED},
        {"shop/jobs/report.py": STARTED},
        {"ship.py": SHIP, "__init__.py": ""},
    ],
    ids=["called", "imported", "imported in lines", "named", "loops", "routed", "derived", "worker", "job", "package"],
)  # fmt: skip
def test_what_a_service_may_run_is_judged_as_before(files):
    assert said(files) == TIMEOUT


@pytest.mark.parametrize(
    "files",
    [
        {"ship.py": SHIP},
        {"shop/report.py": STARTED, "tests/test_report.py": "import report\n"},
        {"shop/report.py": STARTED, "shop/notes.py": "# the report of the day\n"},
    ],
    ids=["loaded", "tested", "spoken of"],
)
def test_what_nothing_takes_in_is_a_program_by_itself(files):
    assert said(files) == []


def test_what_a_program_takes_in_a_service_that_it_starts_may_run_as_well():
    assert said({"shop/report.py": REPORT, "ship.py": "import report\n\nreport.report()\n"}) == TIMEOUT


def test_javascript_that_gives_nothing_away_and_ends():
    ship = (
        'import axios from "axios";\n\nasync function ship() {\n'
        '  await axios.post("https://shop.example/", rows);\n}\n\nship();\n'
    )
    assert said({"ship.mjs": ship}) == []
    assert said({"ship.mjs": ship.replace("async function", "export async function")}) == TIMEOUT
    assert said({"ship.mjs": ship + "process.on('message', ship);\n"}) == TIMEOUT


def test_what_pages_alone_take_in_is_a_page():
    page = {"shop/load.ts": SHOWN, "shop/Cart.vue": "<script>\nimport { load } from './load';\n</script>\n"}
    assert said(page) == []
    assert said({"shop/load.ts": SHOWN, "shop/store.ts": "import { load } from './load';\n",
                 "shop/Cart.tsx": "import store from './store';\n"}) == []  # fmt: skip
    assert said({**page, "shop/server.ts": "import { load } from './load';\n\nload(1);\n"}) == TIMEOUT
    assert said({"shop/load.ts": SHOWN}) == TIMEOUT


def test_who_asks_for_less_certainty_is_told_all():
    assert said({"ship.py": SHIP}, policy="min_confidence = 0.4") == TIMEOUT


OWN_RULE = """class = "missing-timeout"
languages = ["python"]
query = '(call function: (identifier) @name (#eq? @name "old_gateway")) @finding'
title = "The old gateway is gone"
body = "It was switched off."
fix = "Use the new one."
bad = ["old_gateway(order)"]
good = ["gateway(order)"]
"""


def test_what_a_team_wrote_into_its_own_rule_stays_as_it_wrote_it():
    files = {"ship.py": SHIP + "old_gateway(1)\n"}
    own = FoundText(path=".github/seawall/rules/no-gateway.toml", text=OWN_RULE)
    review = reviewed(files, "ship.py", own=(own,))
    assert [one.rule for one in review.findings] == ["own/no-gateway"]
    assert [one.rule for one in review.held_back] == TIMEOUT


class Away(Files):
    def find(self, *_):
        raise SourceError("the copy is away")


class Emptied(Files):
    def read(self, paths):
        return {}


@pytest.mark.parametrize("search", [Away, Emptied])
def test_where_the_head_cannot_be_searched_all_is_said(search):
    files = {"ship.py": SHIP}
    assert [one.rule for one in reviewed(files, "ship.py", search=search(files)).findings] == TIMEOUT


def test_a_file_that_all_the_world_takes_in_is_judged_as_a_servers():
    many = {f"a{number}.ts": "import { load } from './load';\n" for number in range(40)}
    pages = {"Cart.vue": "import './a0';\n"} | {f"A{number}.vue": f"import './a{number}';\n" for number in range(40)}
    assert said({"shop/load.ts": SHOWN, **many, **pages}) == TIMEOUT


def test_a_page_that_is_too_far_away_is_not_told_of():
    chain = {f"a{number}.ts": f"import './a{number - 1}';\n" for number in range(1, 6)}
    files = {"shop/load.ts": SHOWN, "a0.ts": "import { load } from './load';\n", **chain, "A.vue": "import './a5';\n"}
    assert said(files) == TIMEOUT


STOCK = (
    "export class Stock {\n  async save(o) { await this.db.put(o); }\n  async close(o) {\n    await this.db.count();\n"
    "    this.save(o);\n  }\n}\n"
)
LEFT = ["fire-and-forget/floating-promise-or-task"]


@pytest.mark.usefixtures("heard")
@pytest.mark.parametrize("event", ["unhandledRejection", "uncaughtException"])
def test_a_promise_left_alone_where_the_process_takes_what_nobody_awaits(event):
    files = {"stock.ts": STOCK, "main.ts": f"process.on('{event}', (error) => log.error(error));\n"}
    review = reviewed(files, "stock.ts")
    assert (review.findings, [one.rule for one in review.held_back]) == ((), LEFT)
    assert "main.ts takes what nobody awaits, for all of its process: promises left alone are held back." in (
        review.receipt.notes
    )


@pytest.mark.usefixtures("heard")
@pytest.mark.parametrize(
    "beside",
    [
        {},
        {"tests/setup.test.ts": "process.on('unhandledRejection', fail);\n"},
        {"main.ts": "// there is no process.on(unhandledRejection) yet\n"},
        {"main.py": "process.on('unhandledRejection', fail)\n"},
    ],
    ids=["none", "in tests", "spoken of", "in another language"],
)
def test_a_promise_left_alone_where_nobody_takes_it(beside):
    assert said({"stock.ts": STOCK, **beside}) == LEFT


def test_what_takes_promises_takes_no_timeouts():
    main = "process.on('unhandledRejection', (error) => log.error(error));\n"
    assert said({"shop/load.ts": SHOWN, "main.ts": main}) == TIMEOUT


@pytest.mark.usefixtures("heard")
def test_a_promise_left_alone_where_the_head_cannot_be_searched():
    assert [one.rule for one in reviewed({"stock.ts": STOCK}, "stock.ts", search=Away({})).findings] == LEFT


def test_what_a_page_only_speaks_of_and_what_needs_a_server_is_no_page():
    page = {"shop/Cart.vue": "<script>\nimport { load } from './load';\n</script>\n"}
    assert said({"shop/load.ts": SHOWN, "shop/Cart.vue": "const kind = 'load';\n"}) == TIMEOUT
    assert said({"shop/load.ts": f'import fs from "node:fs";\n{SHOWN}', **page}) == TIMEOUT
    assert said({"shop/load/index.ts": SHOWN, **page}) == []


@pytest.mark.parametrize("name", ["load-cart", "load.service", "cart-load.api"])
def test_a_file_with_more_than_one_word_in_its_name_is_found_all_the_same(name):
    path, page = f"src/lib/{name}.js", f"<script>\nimport {{ load }} from '$lib/{name}.js';\n</script>\n"
    takes = f'import {{ load }} from "./{name}";\n'
    assert said({path: SHOWN, "src/routes/+page.svelte": page}) == []
    assert said({path: SHOWN, "src/routes/+page.svelte": page, "src/lib/server.js": takes}) == TIMEOUT
    assert said({path: SHOWN, "src/routes/+page.svelte": page, "src/lib/all.js": f"plugins('./{name}');\n"}) == TIMEOUT
    assert said({path: SHOWN, "src/routes/+page.svelte": page.replace(name, f"other-{name}")}) == TIMEOUT


VIEW = "import requests\n\n\ndef preview(url):\n    return requests.get(url)\n"


@pytest.mark.parametrize(
    "wrapped",
    ["app = EventletTimeoutMiddleware(app, timeout_seconds=60)\n", "app.add_middleware(TimeoutMiddleware, limit=60)\n"],
)
def test_a_wait_where_each_request_is_ended_after_a_while(wrapped):
    review = reviewed({"shop/views.py": VIEW, "application.py": wrapped}, "shop/views.py")
    assert (review.findings, [one.rule for one in review.held_back]) == ((), TIMEOUT)
    assert any(
        note.startswith("application.py ends every request that takes too long") for note in review.receipt.notes
    )


@pytest.mark.parametrize(
    "beside",
    [
        {"application.py": "from starlette_ext import TimeoutMiddleware\n"},
        {"middleware.py": "class TimeoutMiddleware(BaseHTTPMiddleware):\n    limit = 60\n"},
        {"tests/test_app.py": "app = EventletTimeoutMiddleware(app)\n"},
    ],
    ids=["imported", "written", "in tests"],
)
def test_a_wait_where_nothing_ends_a_request(beside):
    assert said({"shop/views.py": VIEW, **beside}) == TIMEOUT


OPENED = "from urllib.request import urlopen\n\n\ndef preview(url):\n    return urlopen(url).read()\n"


def test_a_wait_of_the_standard_library_where_all_sockets_have_a_limit():
    sets = "import socket\n\nsocket.setdefaulttimeout(30)\n"
    review = reviewed({"shop/views.py": OPENED, "shop/main.py": sets}, "shop/views.py")
    assert (review.findings, [one.rule for one in review.held_back]) == ((), TIMEOUT)
    assert "shop/main.py gives all sockets a limit: waits of the standard library are held back." in (
        review.receipt.notes
    )
    assert said({"shop/views.py": VIEW, "shop/main.py": sets}) == TIMEOUT, "requests sets its own: none"
    assert said({"shop/views.py": OPENED, "shop/main.py": sets.replace("30", "None")}) == TIMEOUT
    assert said({"shop/views.py": OPENED, "tests/test_main.py": sets}) == TIMEOUT
    assert said({"shop/views.py": OPENED, "libs/feeds/main.py": sets}) == TIMEOUT, "a library's copy sets what it needs"


ASKED = """package s3

import "net/http"

func Ask(url string) (*http.Response, error) {
	return http.PostForm(url, nil)
}
"""
MOD = "module github.com/acme/shop\n\nreplace github.com/clouds/sdk => ./clouds/sdk\n"


@pytest.mark.parametrize(
    ("mod", "is_said"),
    [
        (MOD, False),
        ("module github.com/acme/shop\n\nreplace (\n\tgithub.com/clouds/sdk v1.2.0 => ./clouds/sdk/\n)\n", False),
        (MOD.replace("github.com/clouds/sdk =>", "github.com/acme/sdk =>"), True),
        (MOD.replace("./clouds/sdk", "./clouds/other"), True),
        (MOD.replace("./clouds/sdk", "github.com/acme/sdk v1.2.0"), True),
        ("", True),
    ],
    ids=["replaced", "listed", "our own", "elsewhere", "not here", "none"],
)
def test_go_code_that_stands_in_the_place_of_a_library(mod, is_said):
    files = {"clouds/sdk/s3.go": ASKED, "go.mod": mod}
    assert said(files) == (TIMEOUT if is_said else [])


def test_it_is_told_of_the_folder_and_the_library():
    review = reviewed({"clouds/sdk/s3.go": ASKED, "go.mod": MOD}, "clouds/sdk/s3.go")
    told = "go.mod puts clouds/sdk in the place of github.com/clouds/sdk: a library's copy is held back."
    assert told in review.receipt.notes
