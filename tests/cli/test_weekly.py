"""`seawall weekly`, from a ledger on this machine."""

import json
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.cli.weekly import weekly
from bot.domain import PullRequest, Repository, TimelineEvent
from bot.ledger import Ledger
from tests.llm.conftest import Endpoint
from tests.weekly.by_hand import CASES, REPOSITORY, TEAM, events_of

WEEK = ["--week", "2026-W44"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pull requests by hand, and a second repository in which nothing happens."""
    folder = tmp_path_factory.mktemp("record")
    owner, _, name = REPOSITORY.partition("/")
    here = Repository(id=TEAM, owner=owner, name=name)
    with Ledger(folder / "ledger.sqlite") as ledger:
        ledger.keep_repository(Repository(id=8, owner=owner, name="quay"))
        for number, case in list(CASES.items())[:12]:
            ledger.keep_pull_request(
                PullRequest(repository=here, number=number, base_ref="main", base_sha="a" * 40, head_ref="fix",
                            head_sha="b" * 40, author=case.author, created_at="2026-10-15T08:00:00Z")
            )  # fmt: skip
            events = [event | {"details": json.loads(event["details"])} for event in events_of(number, case.lines)]
            ledger.keep_timeline(here, [TimelineEvent.from_json(event) for event in events])
    return folder


@pytest.fixture
def asked(folder: Path, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    monkeypatch.setenv("SEAWALL_DATA_DIR", str(folder))
    monkeypatch.setenv("SEAWALL_WEEKLY__ZONE", "Europe/Berlin")
    return CliRunner()


def scripted(endpoint: Endpoint) -> dict[str, str]:
    """What names this model, which is asked each time."""
    return {"MODEL": "openai:scripted", "BASE_URL": endpoint.url, "API_KEY": "k", "CACHE_HOURS": "0"}


def said(runner: CliRunner, *words: str) -> Result:
    return runner.invoke(weekly, list(words))


def test_all_repositories_of_one_owner_are_told_under_its_name(asked: CliRunner) -> None:
    for words in (WEEK, [*WEEK, "--org"]):
        told = said(asked, *words)
        assert told.exit_code == 0, told.output
        assert told.output.startswith("harbour, week 44: 26 October to 1 November 2026\n")
        assert "12 pull requests were merged" in told.output


def test_one_repository_is_told_alone(asked: CliRunner) -> None:
    assert "12 pull requests were merged" in said(asked, REPOSITORY, *WEEK).output
    assert "Nothing was merged this week." in said(asked, "harbour/quay", *WEEK).output


def test_the_result_goes_into_a_file(asked: CliRunner, tmp_path: Path) -> None:
    page = tmp_path / "week.html"
    told = said(asked, *WEEK, "--format", "html", "--output", str(page))
    assert told.exit_code == 0
    assert "Wrote" in told.stderr
    assert page.read_text(encoding="utf-8").startswith("<!doctype html>")


def test_the_zone_working_hours_and_environments_are_those_of_the_settings(
    asked: CliRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    def hours() -> dict[str, float]:
        facts = json.loads(said(asked, *WEEK, "--format", "json").stdout)
        return {figure["name"]: figure["value"] for group in facts["groups"] for figure in group["figures"]} | {
            "zone": facts["zone"]
        }

    before = hours()
    monkeypatch.setenv("SEAWALL_WEEKLY__OPENS", "08:00")
    monkeypatch.setenv("SEAWALL_WEEKLY__CLOSES", "08:30")
    monkeypatch.setenv("SEAWALL_WEEKLY__WORKING_DAYS", '["sun"]')
    after = hours()
    assert before["zone"] == "Europe/Berlin"
    assert before["pickup"] == after["pickup"]
    assert before["pickup-working"] > after["pickup-working"]


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        (["harbour/pear"], "The ledger knows no repository harbour/pear (did you mean harbour/pier?)."),
        (["--week", "47"], "“47” is no week. Write one such as 2026-W47."),
        (["--week", "2999-W01"], "Week 2999-W01 has not begun yet. The last one that is over is"),
        ([REPOSITORY, "--org"], "Name one repository, or say --org."),
    ],
)
def test_what_cannot_be_told_is_one_readable_line(asked: CliRunner, words: list[str], answer: str) -> None:
    told = said(asked, *words)
    message = told.stderr or str(told.exception)
    assert answer in message
    assert getattr(told.exception, "exit_code", told.exit_code) == 2


def test_a_model_writes_the_sentences_and_is_believed_only_as_far_as_the_facts_go(
    asked: CliRunner, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    true = "Work flows: 12 pull requests were merged. Seawall reviewed nothing. Nothing more stands out."
    with closing(Endpoint()) as endpoint:
        for name, value in scripted(endpoint).items():
            monkeypatch.setenv(f"SEAWALL_LLM__{name}", value)
        endpoint.plays(
            endpoint.says(json.dumps({"text": true})), endpoint.says(json.dumps({"text": true.replace("12", "13")}))
        )
        believed, refused = (said(asked, *WEEK).output for _ in range(2))
        unasked = said(asked, *WEEK, "--no-model").output
        assert len(endpoint.requests) == 2
    assert "Work flows: 12 pull requests were merged.\nSeawall reviewed nothing.\n" in believed
    assert "Written by openai:scripted; each number was checked" in believed
    assert "12 pull requests were merged;" in " ".join(refused.split())
    assert "(13 is no figure that its sentence names)" in " ".join(refused.split())
    assert "The sentences come from a template." in unasked
    with Ledger(folder / "ledger.sqlite") as ledger:
        assert ledger.counts()["model_calls"] == 2


def test_it_is_posted_where_the_settings_say(asked: CliRunner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEAWALL_WEEKLY__FOLDER", str(tmp_path))
    told = said(asked, REPOSITORY, *WEEK, "--post")
    assert told.exit_code == 0, told.output
    assert told.output == f"{REPOSITORY}, 2026-W44, folder: told\n"
    page = tmp_path / "harbour/pier/2026-W44.html"
    assert "12 pull requests were merged" in page.read_text(encoding="utf-8")


def test_posted_and_written_beside_the_model_is_asked_once(
    asked: CliRunner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SEAWALL_WEEKLY__FOLDER", str(tmp_path / "weeks"))
    page = tmp_path / "week.md"
    true = "Work flows: 12 pull requests were merged. Seawall reviewed nothing. Nothing more stands out."
    with closing(Endpoint()) as endpoint:
        for name, value in scripted(endpoint).items():
            monkeypatch.setenv(f"SEAWALL_LLM__{name}", value)
        endpoint.plays(endpoint.says(json.dumps({"text": true})))
        told = said(asked, *WEEK, "--post", "--format", "markdown", "--output", str(page))
        assert told.exit_code == 0, told.output
        assert len(endpoint.requests) == 1
    posted = tmp_path / "weeks/harbour/2026-W44.md"
    assert "Work flows: 12 pull requests were merged." in page.read_text(encoding="utf-8")
    assert posted.read_text(encoding="utf-8") == page.read_text(encoding="utf-8")


def test_where_nobody_is_to_be_told_it_says_how_to_ask_for_it(asked: CliRunner) -> None:
    told = said(asked, REPOSITORY, *WEEK, "--post")
    assert "`/seawall subscribe harbour/pier weekly`" in str(told.exception)
    assert getattr(told.exception, "exit_code", 0) == 2


def test_what_is_to_be_written_is_written_also_where_nobody_is_told(asked: CliRunner, tmp_path: Path) -> None:
    page = tmp_path / "week.txt"
    assert getattr(said(asked, *WEEK, "--post", "--output", str(page)).exception, "exit_code", 0) == 2
    assert "12 pull requests were merged" in page.read_text(encoding="utf-8")


def test_what_was_not_told_is_said_and_the_exit_code_shows_it(
    asked: CliRunner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "harbour").write_text("a file where a folder is wanted")
    monkeypatch.setenv("SEAWALL_WEEKLY__FOLDER", str(tmp_path))
    told = said(asked, REPOSITORY, *WEEK, "--post")
    assert told.exit_code == 3
    assert "not told. The summary cannot be written" in told.stderr


def test_an_empty_record_says_how_to_fill_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEAWALL_DATA_DIR", str(tmp_path))
    told = said(CliRunner())
    assert "seawall backfill OWNER/NAME" in str(told.exception)
