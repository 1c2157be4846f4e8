"""README.md is true: what it names exists, what it shows is what comes out, what it lists is current."""

import json
import re
import shlex
import tomllib
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from prometheus_client import REGISTRY

from bot import metrics  # noqa: F401 — registers them
from bot.cli import seawall
from bot.domain import FoundText, PolicyTexts
from bot.github.permissions import NEEDED, NEEDED_EVENTS
from bot.rules.registry import rule_or_class_exists
from bot.rules.teams import read_rules
from bot.rules.teams.vetting import judge
from bot.settings import Policy, load_settings, resolve_policy
from bot.settings.service import CONFIG_VARIABLE, variable_names
from tests.house.readme_tables import PART, PARTS, README, ROOT, refreshed

TEXT = README.read_text(encoding="utf-8")
MANIFEST = json.loads((ROOT / "config/github-app.json").read_text(encoding="utf-8"))
LINK = re.compile(r"(?<!!)\[[^\]]+\]\((?P<target>[^)\s]+)\)")
FENCE = re.compile(r"^```(?P<language>\w+)\n(?P<code>.*?)^```$", re.DOTALL | re.MULTILINE)
COMMAND = re.compile(r"(?:(?<=bin/)|(?<![\w/.-]))seawall (?P<command>[a-z]+)(?P<arguments>(?: [^\s`#|]+)*)")


def blocks(language: str) -> list[str]:
    return [fence["code"] for fence in FENCE.finditer(TEXT) if fence["language"] == language]


def code(text: str = TEXT) -> str:
    """Everything that stands as code: fences, and spans outside them."""
    spans = re.findall(r"`([^`\n]+)`", FENCE.sub("", text))
    return "\n".join([*(fence["code"] for fence in FENCE.finditer(text) if fence["language"] != "text"), *spans])


def anchor_of(heading: str) -> str:
    """As GitHub makes it: lower case, spaces as hyphens, no punctuation."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def table_below(heading: str) -> dict[str, list[str]]:
    """First cell, without its backticks → the other cells, of the table whose heading row begins so."""
    lines = iter(TEXT.splitlines())
    next(line for line in lines if line.startswith(f"| {heading} |"))
    rows: dict[str, list[str]] = {}
    for line in lines:
        if not line.startswith("|"):
            break
        first, *others = (cell.strip() for cell in line.strip("|").split(" | "))
        if set(first) != {"-"}:
            rows[first.strip("` ")] = others
    return rows


def commands_in(text: str) -> Iterator[tuple[str, str]]:
    """Subcommand and the rest of its line, wherever `seawall` is called; remarks left out."""
    for line in text.splitlines():
        for found in COMMAND.finditer(line.split(" # ")[0]):
            yield found["command"], found["arguments"]


def test_the_made_parts_are_current() -> None:
    stale = [part["name"] for part in PART.finditer(TEXT) if PARTS[part["name"]]() != part["body"].rstrip("\n")]
    assert stale == [], "README.md has fallen behind: run `make readme` and commit what it changes"


def test_every_part_that_can_be_made_stands_in_the_page_once() -> None:
    assert sorted(part["name"] for part in PART.finditer(TEXT)) == sorted(PARTS)


def test_a_stale_part_is_made_anew_and_the_rest_is_left() -> None:
    empty = "between\n<!-- made: checks -->\n<!-- end -->\n"
    made = refreshed(f"before\n<!-- made: checks -->\nold\n<!-- end -->\n{empty}after")
    table = f"<!-- made: checks -->\n{PARTS['checks']()}\n<!-- end -->\n"
    assert made == f"before\n{table}between\n{table}after"
    assert refreshed(made) == made


def test_every_link_leads_somewhere() -> None:
    anchors = {anchor_of(heading) for heading in re.findall(r"(?m)^#+ (.+)$", FENCE.sub("", TEXT))}
    lost = []
    for link in LINK.finditer(FENCE.sub("", TEXT)):
        target = link["target"]
        is_there = target[1:] in anchors if target.startswith("#") else (ROOT / target).exists()
        if not target.startswith("https://") and not is_there:
            lost.append(target)
    assert lost == []


def test_every_command_exists_with_its_options() -> None:
    context = click.Context(seawall, info_name="seawall")
    wrong = []
    for name, arguments in commands_in(code()):
        command = seawall.get_command(context, name)
        for word in arguments.split():
            if not isinstance(command, click.Group) or (under := command.get_command(context, word)) is None:
                break
            command = under
        known = {
            option for param in (command.params if command else ()) for option in (*param.opts, *param.secondary_opts)
        }
        options = {word.split("=")[0] for word in shlex.split(arguments.replace('"', " ")) if word.startswith("--")}
        if command is None or not options <= known:
            wrong.append(f"seawall {name}{arguments}")
    assert wrong == []


def test_every_command_is_shown_at_work() -> None:
    shown = {name for name, _ in commands_in(code(PART.sub("", TEXT)))} | {"demo"}  # as `make demo`
    assert shown == set(seawall.list_commands(click.Context(seawall)))


def test_every_option_named_in_the_text_is_an_option() -> None:
    context = click.Context(seawall, info_name="seawall")
    found = [seawall.get_command(context, name) for name in seawall.list_commands(context)]
    known = {option for command in found if command for param in command.params for option in param.opts}
    prose = FENCE.sub("", TEXT).split("## Reference")[0]
    named = {span.split()[0] for span in re.findall(r"`(--[a-z-]+[^`]*)`", prose)}
    assert named
    assert named - known == set()


def test_every_variable_exists() -> None:
    named = set(re.findall(r"SEAWALL_\w+", PART.sub("", TEXT)))
    assert named >= {"SEAWALL_GITHUB__APP_ID", "SEAWALL_LLM__MODEL", "SEAWALL_ENGINE__URL"}
    assert named - {CONFIG_VARIABLE, *variable_names()} == set()


def test_every_setting_named_in_the_text_exists() -> None:
    known = {name.removeprefix("SEAWALL_").lower().replace("__", ".", 1) for name in variable_names()}
    groups = "|".join(sorted({name.split(".")[0] for name in known if "." in name}))
    named = set(re.findall(rf"`((?:{groups})\.\w+)`", FENCE.sub("", PART.sub("", TEXT))))
    files = {"ledger.sqlite", "ledger.id"}
    assert named
    assert named - known == files


def test_the_settings_of_the_example_can_be_loaded() -> None:
    example = next(block for block in blocks("sh") if "SEAWALL_GITHUB__APP_ID" in block)
    lines = [line.split(" #")[0].strip() for line in example.splitlines()]
    settings = load_settings(dict(line.split("=", 1) for line in lines))
    assert settings.github.app_id == 123456
    assert settings.repositories == ("acme/*",)
    assert settings.policy.mode == "shadow"


def test_every_make_target_exists() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"(?m)^([a-z]+):", makefile))
    named = set(re.findall(r"\bmake (?:-C \S+ )?([a-z]+)", code()))
    assert {"demo", "test", "readme"} <= named <= targets


@pytest.mark.parametrize("command", ["demo", "test"])
def test_the_two_first_commands_are_the_ones_promised(command: str) -> None:
    assert f"\nmake {command}  " in next(block for block in blocks("sh") if "make demo" in block).join("\n\n")


def policy_example(first_line: str) -> str:
    return next(block for block in blocks("toml") if block.startswith(first_line))


def test_the_policy_example_is_taken_without_a_note() -> None:
    text = policy_example("# .github/seawall.toml")
    in_force = resolve_policy(Policy(), PolicyTexts(repository=text))
    assert in_force.notes == ()
    assert in_force.policy.mode == "gate"
    assert all(rule_or_class_exists(name) for name in in_force.policy.rules_off)
    assert "idempotency" in in_force.policy.guidelines


def test_the_organisations_example_is_taken_and_its_lock_holds() -> None:
    organisation = policy_example("# seawall.toml")
    assert resolve_policy(Policy(), PolicyTexts(organisation=organisation)).notes == ()
    both = resolve_policy(Policy(), PolicyTexts(organisation=organisation, repository="llm = true"))
    assert both.policy.llm is False
    assert "locked" in both.notes[0]


def test_the_example_of_an_ignore_names_a_rule_that_exists() -> None:
    named = re.findall(r"seawall: ignore\[([^\]]+)\]", TEXT)
    assert [name for name in named if not rule_or_class_exists(name)] == []
    assert any("seawall: ignore[" in block for block in blocks("python"))


def test_the_manifest_asks_for_what_the_page_lists_and_the_code_needs() -> None:
    listed = {permission: cells[0] for permission, cells in table_below("Permission").items()}
    assert listed == MANIFEST["default_permissions"] == NEEDED
    assert all(len(cells[1]) > 20 for cells in table_below("Permission").values()), "each with its reason"


def test_the_manifest_asks_for_the_events_that_are_listed_and_needed() -> None:
    subscribed = re.search(r"\| Event \| Why \|\n\| --- \| --- \|\n((?:\|.+\n)+)", TEXT)
    assert subscribed
    listed = re.findall(r"(?m)^\| `(\w+)`", subscribed[1])
    assert sorted(listed) == sorted(MANIFEST["default_events"]) == sorted(NEEDED_EVENTS)


def test_every_handled_event_is_subscribed_or_comes_by_itself() -> None:
    from webhooks.events import BEHAVIOURS

    comes_by_itself = {"ping", "installation", "installation_repositories", "check_run", "check_suite"}
    where_permitted = {"deployment_status"}  # needs a permission that nothing else asks for
    assert {*MANIFEST["default_events"], *comes_by_itself, *where_permitted} == BEHAVIOURS.keys()
    assert all(f"`{event}`" in TEXT for event in comes_by_itself | where_permitted)


def test_the_manifest_points_at_our_webhook() -> None:
    from webhooks.app import WEBHOOK_PATH

    assert MANIFEST["hook_attributes"]["url"].endswith(WEBHOOK_PATH)
    assert WEBHOOK_PATH in TEXT
    assert MANIFEST["public"] is False


def test_every_endpoint_listed_is_served(tmp_path: Path) -> None:
    from tests.webhooks.edge import MemoryInbox, edge_settings
    from webhooks.app import create_app

    served = {str(rule) for rule in create_app(edge_settings(tmp_path), MemoryInbox()).url_map.iter_rules()}
    assert set(table_below("Endpoint")) <= served


def test_every_metric_named_is_counted() -> None:
    counted = {metric.name for metric in REGISTRY.collect()}
    named = set(re.findall(r"`(seawall_\w+)`", TEXT))
    assert named
    assert {name.removesuffix("_total") for name in named} - counted == set()


def test_the_default_model_is_the_one_named() -> None:
    assert f"uses `{load_settings({'OPENAI_API_KEY': 'x'}).llm.model}`" in TEXT


def test_extras_that_are_named_can_be_installed() -> None:
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    named = re.findall(r"-e '\.\[(\w+)\]'", TEXT)
    assert named
    assert set(named) <= set(extras)


def test_decisions_are_dated_and_say_what_was_decided() -> None:
    decisions = TEXT.split("## Decisions")[1].split("## Limits")[0]
    lines = re.findall(r"(?m)^- (.+)$", decisions)
    assert len(lines) > 20
    assert [line for line in lines if not re.match(r"20\d\d-\d\d-\d\d — \S", line)] == []


def test_the_example_of_an_own_rule_passes_its_own_examples() -> None:
    text = policy_example("# .github/seawall/rules/old-gateway.toml")
    read = read_rules(PolicyTexts(rules=(FoundText(path=".github/seawall/rules/old-gateway.toml", text=text),)))
    assert read.problems == ()
    assert judge(read.rules[0]).reason == ""


def test_the_tables_of_paths_are_taken_without_a_note() -> None:
    text = next(block for block in blocks("toml") if "[[paths]]" in block)
    in_force = resolve_policy(Policy(), PolicyTexts(repository=text))
    assert in_force.notes == ()
    assert in_force.policy.at("services/payments/a.py").mode == "gate"
    assert in_force.policy.at("scripts/a.py").mode == "shadow"
