"""The wheel and the checkout find the same shipped files."""

import subprocess
import sys
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def run(*command: object, cwd: Path) -> str:
    done = subprocess.run([str(part) for part in command], cwd=cwd, capture_output=True, text=True, timeout=110)
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A venv that has our wheel, and this environment's dependencies beside it; the checkout is out of reach."""
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder, cwd=ROOT)
    (wheel,) = folder.glob("seawall-*.whl")
    venv.create(folder / "venv", with_pip=False, symlinks=True)
    python = folder / "venv/bin/python"
    run(sys.executable, "-m", "pip", "--python", python, "install", "--no-deps", "--no-index", "-q", wheel, cwd=folder)
    dependencies = Path(pytest.__file__).parents[1]
    site = next((folder / "venv/lib").glob("python3*/site-packages"))
    for package in dependencies.iterdir():
        if "seawall" not in package.name.lower() and not (site / package.name).exists():
            (site / package.name).symlink_to(package)
    return folder / "venv/bin"


def test_the_wheel_runs_away_from_the_checkout(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "pay.py").write_text("import requests\n\n\ndef pay(url):\n    return requests.post(url)\n")
    assert "missing-timeout/http-or-socket-call" in run(installed / "seawall", "rules", cwd=tmp_path)
    assert "requests.post" in run(installed / "seawall", "scan", "--format", "json", ".", cwd=tmp_path)


def test_the_wheel_ships_no_stray_packages(installed: Path) -> None:
    site = next((installed.parent / "lib").glob("python3*/site-packages"))
    owned = (next(site.glob("seawall-*.dist-info")) / "RECORD").read_text()
    tops = {line.split("/")[0] for line in owned.splitlines() if not line.startswith(("../", "seawall-"))}
    assert tops == {"bot", "webhooks"}
    for name in ("_data/prompts/review.md", "_data/config/seawall.toml", "_data/config/apis/python.toml"):
        assert f"bot/{name}" in owned
