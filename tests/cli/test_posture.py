"""`seawall posture` as a user runs it."""

import json
from pathlib import Path

from bot.domain import Repository
from bot.ledger import Ledger
from tests.cli.conftest import HEAD, Seawall

GATEWAY = "import requests\ndef buy():\n    return requests.post('http://checkout.internal/buy', timeout=10)\n"
CHECKOUT = "import requests\ndef pay():\n    return requests.post('http://payments.internal/pay', timeout=30)\n"


def a_service(folder: Path, name: str, code: str) -> Path:
    (folder / name / ".github").mkdir(parents=True)
    (folder / name / ".github/seawall.toml").write_text(f'[posture]\nservice = "{name}"\n')
    (folder / name / "app.py").write_text(code)
    return folder / name


def test_a_folder_is_mapped_under_the_name_its_policy_gives(seawall: Seawall, tmp_path: Path) -> None:
    folder = a_service(tmp_path, "checkout", CHECKOUT)
    answer = seawall("posture", "--format", "json", cwd=folder)
    found = json.loads(answer.out)
    assert (answer.code, found["service"]) == (0, "checkout")
    assert [one["name"] for one in found["dependencies"]] == ["payments"]
    assert found["dependencies"][0]["sites"] == [{"path": "app.py", "line": 3, "scope": "pay"}]


def test_copies_of_libraries_are_no_part_of_the_map(seawall: Seawall, tmp_path: Path) -> None:
    folder = a_service(tmp_path, "checkout", CHECKOUT)
    for name in ("lib/tell/send.py", "lib/six.py", "lib/certifi/core.py"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(GATEWAY)
    found = json.loads(seawall("posture", "--format", "json", cwd=folder).out)
    assert [one["name"] for one in found["dependencies"]] == ["payments"]


def test_services_are_joined_and_kept_for_the_reviews_to_come(seawall: Seawall, tmp_path: Path) -> None:
    gateway, checkout = a_service(tmp_path, "gateway", GATEWAY), a_service(tmp_path, "checkout", CHECKOUT)
    assert "gateway gives up at 10 s" in seawall("posture", "--fleet", gateway, checkout, cwd=tmp_path).out
    with Ledger(tmp_path / "data/ledger.sqlite") as ledger:
        ledger.keep_repository(Repository(id=71, owner="acme", name="gateway", installation_id=5))
    kept = seawall("posture", gateway, "--keep", "acme/gateway", cwd=tmp_path)
    assert (kept.code, kept.err.strip()) == (0, "Kept as the map of acme/gateway.")
    assert "gateway  checkout" in seawall("posture", "--fleet", cwd=tmp_path).out
    stranger = seawall("posture", gateway, "--keep", "acme/gatewy", cwd=tmp_path)
    assert stranger.code == 3
    assert "did you mean acme/gateway" in stranger.err


def test_a_page_is_written_and_a_wrong_use_told(seawall: Seawall, tmp_path: Path) -> None:
    (tmp_path / "pay.py").write_text(HEAD)
    answer = seawall("posture", "--format", "html", "--output", "p.html", cwd=tmp_path)
    assert (answer.code, answer.out) == (0, "")
    assert (tmp_path / "p.html").read_text().startswith("<!doctype html>")
    assert seawall("posture", ".", ".", cwd=tmp_path).code == 2
