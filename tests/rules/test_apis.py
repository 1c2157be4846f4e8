"""The catalogue of APIs: complete rows, one schema, no name told twice."""

import json
import re
import tomllib
from collections import Counter
from datetime import date
from pathlib import Path

import jsonschema_rs
import pytest

from bot.errors import NotFound, SettingsError
from bot.rules import explain, rule_named, rule_names_for
from bot.rules.api_checks import checked_catalogue, model_of, schema_text
from bot.rules.api_rows import Cancellable, Catalogue, Client, Outbound
from bot.rules.apis import Wait, catalogue, find, wait_of
from bot.settings import resource_path
from bot.syntax import all_languages, parse

LANGUAGES = sorted({language.apis or language.name for language in all_languages() if language.is_code})
SCHEMA = "config/schema/apis.schema.json"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_a_catalogue(language: str) -> None:
    assert len(catalogue(language).rows) >= 5


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_section_tells_a_name_twice(language: str) -> None:
    for section in Catalogue.declared:
        told = Counter(name for row in getattr(catalogue(language), section) for name in row.all_names)
        assert [name for name, times in told.items() if times > 1] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_can_wait_for_ever_comes_with_a_way_out(language: str) -> None:
    rows = (*catalogue(language).outbound, *catalogue(language).client)
    lacking = [row.all_names[0] for row in rows if row.judged and row.default_s is None and not (row.add or row.fix)]
    assert lacking == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_checked_row_names_the_day_the_page_and_the_version(language: str) -> None:
    rows = [row for row in catalogue(language).rows if row.checked]
    vague = [row for row in rows if not re.match(r"[^:]+: .", row.source) or not re.search(r"\d", row.version)]
    assert [row.all_names[0] for row in vague] == []
    assert [row.all_names[0] for row in rows if not date(2025, 1, 1) <= date.fromisoformat(row.checked)] == []


@pytest.mark.parametrize("day", ["yesterday", "2026-11", "22.11.2026", ""])
def test_the_day_of_a_check_is_a_date(day: str) -> None:
    row = {"names": ["a.b"], "what": "x", "source": "Some library: a page", "version": "1", "checked": day}
    with pytest.raises(ValueError, match="checked"):
        model_of(Catalogue).model_validate({"task": [row]})


def test_the_schema_that_ships_is_the_models() -> None:
    """Written by `python -c "from bot.rules.api_checks import schema_text; print(schema_text(), end='')"`."""
    assert resource_path(SCHEMA).read_text(encoding="utf-8") == schema_text()


@pytest.mark.parametrize("path", sorted(resource_path("config/apis").glob("*.toml")), ids=lambda path: path.name)
def test_files_fit_the_schema(path: Path) -> None:
    schema = json.loads(resource_path(SCHEMA).read_text())
    jsonschema_rs.validator_for(schema).validate(tomllib.loads(path.read_text()))


def test_a_wrong_row_is_told_with_its_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "klingon.toml").write_text('[[outbound]]\nnames = ["a.b"]\ndoes = "telepathy"\n')
    monkeypatch.setattr("bot.rules.apis.resource_path", lambda name: tmp_path / Path(name).name)
    with pytest.raises(SettingsError, match=r"klingon\.toml is wrong(.|\n)*telepathy"):
        checked_catalogue("klingon")


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_loaded_unchecked_is_what_checking_makes_of_it(language: str) -> None:
    assert repr(catalogue(language)) == repr(checked_catalogue(language))


def test_a_row_about_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="says no names"):
        model_of(Catalogue).model_validate({"task": [{"what": "x", "source": "some page", "version": "1"}]})


def test_an_unknown_rule_names_the_nearest() -> None:
    with pytest.raises(NotFound, match="did you mean missing-timeout/http-or-socket-call"):
        rule_named("missing-timeout/http-or-soket-call")
    with pytest.raises(NotFound):
        explain("nonsense")


def test_rules_are_listed_by_language() -> None:
    assert "server-timeout/no-read-header-timeout" in rule_names_for(["go"])
    assert "server-timeout/no-read-header-timeout" not in rule_names_for(["python"])
    assert rule_names_for(["cobol"]) == ()


def test_a_page_names_the_libraries_it_knows() -> None:
    page = explain("missing-timeout/http-or-socket-call")
    assert "`requests.get` and" in page
    assert "limited by `timeout`" in page
    assert "### Go" in page


def test_a_name_with_a_star_is_known_on_any_receiver() -> None:
    file = parse("a.cs", b"class A { void F() { db.Orders.ToListAsync(); ToListAsync(); db.Orders.Add(); } }")
    assert file is not None
    assert [find(call, Cancellable) is not None for call in file.calls] == [True, False, False]


OWN_LIMITS = {
    "urllib3's own function": ("a.py", "import urllib3\nurllib3.request('GET', u)", Wait.BOUND),
    "a pool of urllib3": ("a.py", "import urllib3\np = urllib3.PoolManager()\np.request('GET', u)", Wait.UNBOUND),
    "a login of Paramiko": ("a.py", "import paramiko\ns = paramiko.SSHClient()\ns.connect(h)", Wait.BOUND),
    "a mail": ("a.py", "import aiosmtplib\naiosmtplib.send(m)", Wait.BOUND),
    "aioredis": ("a.py", "import aioredis\naioredis.from_url(u)", Wait.UNBOUND),
    "undici's fetch": ("a.ts", "import { fetch } from 'undici';\nfetch(u);", Wait.BOUND),
    "node-fetch": ("a.ts", "import fetch from 'node-fetch';\nfetch(u);", Wait.UNBOUND),
    "node-fetch's option": ("a.ts", "import fetch from 'node-fetch';\nfetch(u, { timeout: 500 });", Wait.BOUND),
    "Node's fetch, which has no such option": ("a.ts", "fetch(u, { timeout: 500 });", Wait.UNBOUND),
    "Sequelize": ("a.ts", "import { Sequelize } from 'sequelize';\nnew Sequelize(u);", Wait.BOUND),
    "kafka-go": ("a.go", 'import "github.com/segmentio/kafka-go"\n\nvar w = &kafka.Writer{Addr: a}', Wait.BOUND),
    "pgxpool": ("a.go", 'import "github.com/jackc/pgx/v5/pgxpool"\n\nvar p, e = pgxpool.New(c, u)', Wait.BOUND),
    "Kafka": (
        "A.java",
        "import org.apache.kafka.clients.producer.KafkaProducer;\nclass A { Object k = new KafkaProducer<>(c); }",
        Wait.BOUND,
    ),
    "SmtpClient": ("a.cs", "class A { void F() { var c = new SmtpClient(h); } }", Wait.BOUND),
    "SmtpClient's zero": ("a.cs", "class A { void F() { var c = new SmtpClient(h) { Timeout = 0 }; } }", Wait.BOUND),
    "Nodemailer's zero": (
        "a.ts",
        "import nodemailer from 'nodemailer';\nnodemailer.createTransport({ socketTimeout: 0 });",
        Wait.BOUND,
    ),
    "undici's zero": ("a.ts", "import { Pool } from 'undici';\nnew Pool(u, { headersTimeout: 0 });", Wait.DISABLED),
    "Net::SMTP": ("a.rb", "Net::SMTP.start('mail')", Wait.BOUND),
    "sqlx": ("a.rs", "async fn f() {\n    sqlx::PgPool::connect(URL).await;\n}", Wait.BOUND),
}


@pytest.mark.parametrize(("path", "code", "wait"), OWN_LIMITS.values(), ids=OWN_LIMITS)
def test_a_librarys_own_limit_is_known(path: str, code: str, wait: Wait) -> None:
    file = parse(path, code.encode())
    assert file is not None
    rows = [(find(call, Outbound) or find(call, Client), call) for call in file.calls]
    assert [wait_of(row, call) for row, call in rows if row is not None and row.judged][-1:] == [wait]
