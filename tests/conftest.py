"""What every test runs under, and what tests of more than one room share."""

import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from tests.order import in_slices

STRICT = os.environ.get("STRICT_TESTS") == "1"
"""Set in CI, where a test that cannot run is a failure: everything it needs has been installed there."""

settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")  # how long an example takes is no property of what is tested


@pytest.fixture(scope="session", autouse=True)
def _own_machine() -> Iterator[None]:
    """No setting, key or proxy of the machine reaches what is started once for many tests."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        _forget_the_machine(monkeypatch)
        yield


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor a test; nor does what another test left behind."""
    _forget_the_machine(monkeypatch)


def _forget_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith("SEAWALL_"):
            monkeypatch.delenv(name)
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "GITHUB_TOKEN", "LANGSMITH_TRACING", "LANGSMITH_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1,localhost")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """By hand the tests run as they stand; several workers begin with what takes long."""
    if worker := getattr(config, "workerinput", None):
        items[:] = in_slices(items, int(worker["workercount"]))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]):  # type: ignore[no-untyped-def]
    report = yield
    if STRICT and report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[-1] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} was skipped where everything must run: {reason}"
    return report


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every rule is heard as sure as it is of itself, whatever stands on record for it."""
    monkeypatch.setattr("bot.rules.weighing.is_said", lambda rule, language, sort: True)
