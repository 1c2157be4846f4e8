"""`seawall review`, as a user runs it."""

import json
from pathlib import Path

import jsonschema_rs

from bot.demo.standin import StandIn
from bot.settings import resource_text
from tests.cli.conftest import BASE, HEAD, Seawall, git

RULE = "missing-timeout/http-or-socket-call"


def test_the_working_tree_is_reviewed_against_its_merge_base(seawall: Seawall, repository: Path) -> None:
    answer = seawall("review", "--format", "json", cwd=repository)
    assert answer.code == 0, answer.err
    review = json.loads(answer.out)
    jsonschema_rs.validator_for(json.loads(resource_text("config/schema/review.schema.json"))).validate(review)
    (finding,) = review["findings"]
    assert (finding["path"], finding["start_line"], finding["rule"]) == ("pay.py", 5, RULE)
    assert finding["suggestion"]["text"] == "    return requests.post(url, timeout=10)"
    assert review["receipt"]["coverage"] == "rules-only"
    assert review["receipt"]["files"]["reviewed"] == ["pay.py"]


def test_old_defects_in_touched_files_are_not_the_changes(seawall: Seawall, repository: Path) -> None:
    git(repository, "commit", "-q", "-a", "-m", "the defect is old now")
    (repository / "pay.py").write_text("# moved down\n\n" + HEAD)
    assert json.loads(seawall("review", "--base", "HEAD", "--format", "json", cwd=repository).out)["findings"] == []


def test_two_folders_are_compared_under_the_policy_of_before(seawall: Seawall, tmp_path: Path) -> None:
    for name, text in (("before", BASE), ("after", HEAD)):
        (tmp_path / name / ".github").mkdir(parents=True)
        (tmp_path / name / "pay.py").write_text(text)
    (tmp_path / "after/.github/seawall.toml").write_text(f'rules_off = ["{RULE.split("/")[0]}"]')
    arguments = ("review", "--before", tmp_path / "before", "--after", tmp_path / "after", "--format", "json")
    assert len(json.loads(seawall(*arguments, cwd=tmp_path).out)["findings"]) == 1
    (tmp_path / "before/.github/seawall.toml").write_text(f'rules_off = ["{RULE.split("/")[0]}"]')
    assert json.loads(seawall(*arguments, cwd=tmp_path).out)["findings"] == []


def test_fail_on_decides_the_exit_code(seawall: Seawall, repository: Path) -> None:
    assert seawall("review", "--fail-on", "high", cwd=repository).code == 1
    assert seawall("review", "--fail-on", "critical", cwd=repository).code == 0


def test_a_settings_file_in_the_reviewed_folder_is_not_obeyed(seawall: Seawall, repository: Path) -> None:
    (repository / "seawall.toml").write_text('[llm]\nmodel = "openai:x"\nbase_url = "http://127.0.0.1:9/steal"\n')
    answer = seawall("review", "--format", "json", cwd=repository, SEAWALL_LLM__API_KEY="very-secret")
    assert json.loads(answer.out)["receipt"]["model"] is None


def test_errors_are_one_line_and_have_an_exit_code(seawall: Seawall, tmp_path: Path, repository: Path) -> None:
    outside = tmp_path / "plain"
    outside.mkdir()
    for arguments, cwd, code in (
        (("review",), outside, 3),
        (("review", "--base", "no-such-revision"), repository, 3),
        (("review", "--before", tmp_path), repository, 2),
        (("review", "--post"), repository, 2),
        (("review", "https://github.com/acme"), repository, 2),
        (("review", "--format", "yaml"), repository, 2),
    ):
        answer = seawall(*arguments, cwd=cwd)
        assert answer.code == code, (arguments, answer)
        assert "Traceback" not in answer.err
        assert answer.err.strip(), arguments


def test_a_pull_request_is_reviewed_by_its_address_and_posted_on_demand(seawall: Seawall, repository: Path) -> None:
    git(repository, "commit", "-q", "-a", "-m", "no timeout")
    with StandIn() as host:
        shop = host.add_repository("acme", "shop", str(repository / ".git"))
        pull = host.open_pull_request(shop, "main", "feature", "Pay", "", author="dana")
        token = {"SEAWALL_GITHUB__BASE_URL": host.base_url, "SEAWALL_GITHUB__TOKEN": host.token_for("dana")}
        address = f"{host.base_url}/acme/shop/pull/{pull.number}"
        answer = seawall("review", address, "--format", "json", cwd=repository.parent, **token)
        assert answer.code == 0, answer.err
        assert len(json.loads(answer.out)["findings"]) == 1
        assert pull.reviews == {}
        elsewhere = seawall("review", "https://github.com/acme/shop/pull/1", "--post", cwd=repository.parent, **token)
        assert elsewhere.code == 2
        assert "SEAWALL_GITHUB__BASE_URL" in elsewhere.err
        assert pull.reviews == {}
        for _ in range(2):  # posting again changes nothing
            assert seawall("review", address, "--post", cwd=repository.parent, **token).code == 0
        assert len(pull.reviews) == 1
        assert [status.state for status in shop.statuses][-1] == "success"
