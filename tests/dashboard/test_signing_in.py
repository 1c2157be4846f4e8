"""The ways in: GitHub for members, a link that works once. What is tried against them fails."""

import re
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from bot.dashboard.github_accounts import web_address
from bot.dashboard.people import new_link
from bot.errors import SettingsError
from bot.ledger import Ledger
from bot.settings import Settings
from tests.dashboard.some_github import CLIENT, SECRET, SomeGitHub, listening
from tests.webhooks.edge import MemoryInbox, edge_settings
from webhooks.app import create_app

HERE = "http://127.0.0.1:8080"
PUBLIC = "https://seawall.acme.example"


class Clock:
    def __init__(self) -> None:
        self.now = datetime(2026, 11, 22, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def github() -> SomeGitHub:
    return SomeGitHub()


@pytest.fixture
def settings(tmp_path: Path, two_teams: Path, github: SomeGitHub) -> Iterator[Settings]:
    shutil.copy(two_teams, tmp_path / "ledger.sqlite")
    with listening(github.app()) as address:
        asked = {"url": PUBLIC, "organisation": "acme", "client_id": CLIENT, "client_secret": SECRET}
        yield edge_settings(tmp_path, github={"base_url": f"{address}/api/v3", "timeout_s": 3}, dashboard=asked)


@pytest.fixture
def ledger(settings: Settings) -> Iterator[Ledger]:
    with Ledger(settings.ledger_path) as opened:
        yield opened


def browser_of(settings: Settings, clock: Clock, base: str = PUBLIC) -> FlaskClient:
    client = create_app(settings, MemoryInbox(), clock).test_client()
    client.environ_base["HTTP_HOST"] = urlsplit(base).netloc
    return client


@pytest.fixture
def browser(settings: Settings, clock: Clock) -> FlaskClient:
    """Comes by the public address, through a proxy that speaks HTTPS."""
    return browser_of(settings, clock)


def get(browser: FlaskClient, path: str, base: str = PUBLIC) -> TestResponse:
    return browser.get(path, base_url=base)


def sign_in(browser: FlaskClient, github: SomeGitHub, login: str, wanted: str = "/") -> TestResponse:
    """All the way to GitHub and back."""
    sent = get(browser, f"/sign-in/github?next={wanted}")
    asked = parse_qs(urlsplit(sent.location).query)
    code = github.lets_through(login, asked["code_challenge"][0])
    return get(browser, f"/sign-in/github/back?code={code}&state={asked['state'][0]}")


def form_token(page: TestResponse) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
    assert found
    return found[1]


def session_cookie(answer: TestResponse) -> str:
    return next(value for name, value in answer.headers if name == "Set-Cookie" and "seawall=" in value)


def test_nothing_is_there_for_who_is_not_signed_in(browser: FlaskClient) -> None:
    for path in ("/", "/repositories/acme/checkout", "/reviews", "/charts/flow.svg", "/rules?since=2026-01-01"):
        answer = get(browser, path)
        assert answer.status_code == 303
        assert answer.location.startswith("/sign-in?next=/")
    assert "acme/checkout" not in get(browser, "/sign-in?next=/").text


def test_a_member_comes_in_and_sees_what_github_lets_them_see(browser: FlaskClient, github: SomeGitHub) -> None:
    back = sign_in(browser, github, "mona", "/repositories")
    assert (back.status_code, back.location) == (303, "/repositories")
    page = get(browser, "/repositories").text
    assert "acme/checkout" in page
    assert "acme/airship" not in page
    assert ">mona<" in page


def test_who_is_no_member_stays_outside(browser: FlaskClient, github: SomeGitHub) -> None:
    back = sign_in(browser, github, "eve")
    assert back.status_code == 403
    assert "eve is no member of acme" in back.text
    assert get(browser, "/").status_code == 303


def test_a_member_who_is_not_in_the_team_stays_outside(settings: Settings, clock: Clock, github: SomeGitHub) -> None:
    within = settings.dashboard.model_copy(update={"team": "platform"})
    browser = browser_of(settings.model_copy(update={"dashboard": within}), clock)
    assert sign_in(browser, github, "root").status_code == 403
    assert sign_in(browser, github, "mona").status_code == 303


def test_github_is_asked_for_no_more_than_who_one_is(browser: FlaskClient) -> None:
    sent = urlsplit(get(browser, "/sign-in/github").location)
    asked = parse_qs(sent.query)
    assert sent.path == "/login/oauth/authorize"
    assert asked["redirect_uri"] == [f"{PUBLIC}/sign-in/github/back"]
    assert "scope" not in asked, "a GitHub App has its permissions instead"
    assert asked["code_challenge_method"] == ["S256"]
    assert SECRET not in sent.query


def test_a_return_with_another_state_or_a_used_one_signs_nobody_in(browser: FlaskClient, github: SomeGitHub) -> None:
    sent = get(browser, "/sign-in/github")
    asked = parse_qs(urlsplit(sent.location).query)
    code = github.lets_through("mona", asked["code_challenge"][0])
    assert get(browser, f"/sign-in/github/back?code={code}&state=forged").status_code == 400
    assert get(browser, f"/sign-in/github/back?code={code}&state={asked['state'][0]}").status_code == 400
    assert get(browser, "/").status_code == 303
    assert "/login/oauth/access_token" not in github.asked


def test_the_code_of_another_browser_signs_nobody_in(
    browser: FlaskClient, settings: Settings, clock: Clock, github: SomeGitHub
) -> None:
    theirs = browser_of(settings, clock)
    asked_there = parse_qs(urlsplit(get(theirs, "/sign-in/github").location).query)
    stolen = github.lets_through("root", asked_there["code_challenge"][0])
    asked_here = parse_qs(urlsplit(get(browser, "/sign-in/github").location).query)
    back = get(browser, f"/sign-in/github/back?code={stolen}&state={asked_here['state'][0]}")
    assert back.status_code == 403, "the verifier of one browser does not open the code of another"


def test_who_turns_back_at_github_is_told_so(browser: FlaskClient) -> None:
    state = parse_qs(urlsplit(get(browser, "/sign-in/github").location).query)["state"][0]
    back = get(browser, f"/sign-in/github/back?error=access_denied&state={state}")
    assert back.status_code == 403
    assert "Nothing was signed in" in back.text


def test_github_away_is_said_and_nothing_else(browser: FlaskClient, github: SomeGitHub) -> None:
    github.is_away = True
    assert sign_in(browser, github, "mona").status_code == 503


def test_the_session_gets_a_new_name_when_somebody_signs_in(
    browser: FlaskClient, github: SomeGitHub, ledger: Ledger
) -> None:
    """Fixation: whatever was in the browser before opens nothing after."""
    sign_in(browser, github, "mona")
    with browser.session_transaction(base_url=PUBLIC) as session:
        first = session["session"]
        session["planted"] = "by somebody else"
    sign_in(browser, github, "root")
    with browser.session_transaction(base_url=PUBLIC) as session:
        assert session["session"] != first
        assert "planted" not in session
    with ledger._connection.reading() as database:
        assert [row["login"] for row in database.table("sessions").rows] == ["root"], "the first one has ended"


def test_a_planted_session_name_opens_nothing(browser: FlaskClient) -> None:
    with browser.session_transaction(base_url=PUBLIC) as session:
        session["session"] = "chosen by an attacker"
    assert get(browser, "/").status_code == 303


def test_a_cookie_with_another_signature_is_no_cookie(browser: FlaskClient, github: SomeGitHub) -> None:
    sign_in(browser, github, "mona")
    cookie = browser.get_cookie("__Host-seawall", domain="seawall.acme.example")
    assert cookie
    browser.set_cookie("__Host-seawall", cookie.value[:-3] + "AAA", domain="seawall.acme.example", secure=True)
    assert get(browser, "/").status_code == 303


def test_the_cookie_is_out_of_reach_and_goes_over_https_alone(browser: FlaskClient, github: SomeGitHub) -> None:
    words = session_cookie(sign_in(browser, github, "mona"))
    assert words.startswith("__Host-seawall=")
    for word in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
        assert word in words
    assert "Domain" not in words


def test_on_this_machine_the_cookie_needs_no_https_but_behind_a_proxy_it_does(settings: Settings, clock: Clock) -> None:
    browser = browser_of(settings, clock, HERE)
    assert "Secure" not in session_cookie(browser.get("/sign-in/link?code=x", base_url=HERE))
    passed_on = browser.get("/sign-in/link?code=x", base_url=HERE, headers={"X-Forwarded-For": "203.0.113.7"})
    assert passed_on.status_code == 404, "a proxy that hides its name is no browser on this machine"


def test_another_address_that_leads_here_shows_no_page(browser: FlaskClient) -> None:
    """DNS rebinding: a page of evil.test whose name now resolves to us."""
    assert get(browser, "/sign-in", "http://evil.test").status_code == 404
    front = get(browser, "/", "http://evil.test")
    assert (front.status_code, "webhooks/github" in front.text) == (200, True)


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.test/", "//evil.test", "/\\evil.test", "\\\\evil.test", "/%0d%0aLocation:x",
        "javascript:alert(1)",
        "/\t/evil.test", "//evil.test/%2f..", "http:evil.test", "///evil.test", "/sign-in/github",
    ],
)  # fmt: skip
def test_nobody_is_sent_elsewhere_after_signing_in(browser: FlaskClient, github: SomeGitHub, elsewhere: str) -> None:
    from urllib.parse import quote

    back = sign_in(browser, github, "mona", quote(elsewhere, safe="%"))
    assert back.status_code == 303
    went = urlsplit(back.location)
    assert (went.scheme, went.netloc) == ("", "")
    assert not back.location.startswith(("//", "/\\"))
    assert "evil.test" not in back.location


def test_a_link_works_once_and_only_by_pressing_its_button(settings: Settings, clock: Clock, ledger: Ledger) -> None:
    link = new_link(ledger, HERE, clock())
    browser, second = browser_of(settings, clock, HERE), browser_of(settings, clock, HERE)
    for _ in range(3):  # whatever previews it does not use it up
        page = browser.get(link, base_url=HERE)
    assert browser.get("/", base_url=HERE).status_code == 303
    code = parse_qs(urlsplit(link).query)["code"][0]
    form = {"code": code, "csrf_token": form_token(page)}
    assert browser.post("/sign-in/link", data=form, base_url=HERE).location == "/"
    assert "acme/airship" in browser.get("/repositories", base_url=HERE).text
    again = second.get(link, base_url=HERE)
    form = {"code": code, "csrf_token": form_token(again)}
    assert second.post("/sign-in/link", data=form, base_url=HERE).status_code == 403
    assert second.get("/", base_url=HERE).status_code == 303


def test_a_link_is_too_old_after_five_minutes_and_leaves_no_secret_on_record(
    settings: Settings, clock: Clock, ledger: Ledger
) -> None:
    link = new_link(ledger, HERE, clock())
    code = parse_qs(urlsplit(link).query)["code"][0]
    browser = browser_of(settings, clock, HERE)
    form = {"code": code, "csrf_token": form_token(browser.get(link, base_url=HERE))}
    clock.now += timedelta(minutes=5)
    assert browser.post("/sign-in/link", data=form, base_url=HERE).status_code == 403
    ledger.close()
    assert code.encode() not in b"".join(file.read_bytes() for file in settings.data_dir.glob("ledger.sqlite*"))


def test_signing_out_ends_the_session_for_the_cookie_too(browser: FlaskClient, github: SomeGitHub) -> None:
    sign_in(browser, github, "mona")
    kept = browser.get_cookie("__Host-seawall", domain="seawall.acme.example")
    page = get(browser, "/repositories")
    out = browser.post("/sign-out", data={"csrf_token": form_token(page)}, base_url=PUBLIC)
    assert out.location == "/sign-in"
    assert kept
    browser.set_cookie("__Host-seawall", kept.value, domain="seawall.acme.example", secure=True)
    assert get(browser, "/").status_code == 303, "a cookie that was copied before opens nothing after"


def test_a_session_ends_after_its_hours(browser: FlaskClient, github: SomeGitHub, clock: Clock) -> None:
    sign_in(browser, github, "mona")
    github.is_away = False
    clock.now += timedelta(hours=12, seconds=1)
    assert get(browser, "/repositories").status_code == 303


def test_what_github_takes_away_is_gone_within_ten_minutes(
    browser: FlaskClient, github: SomeGitHub, clock: Clock
) -> None:
    sign_in(browser, github, "root")
    github.repositories["root"] = [72]
    assert "acme/checkout" in get(browser, "/repositories").text, "GitHub is not asked for every page"
    clock.now += timedelta(minutes=10, seconds=1)
    page = get(browser, "/repositories").text
    assert "acme/checkout" not in page
    assert "acme/airship" in page
    github.members.clear()
    clock.now += timedelta(minutes=10, seconds=1)
    assert get(browser, "/repositories").status_code == 303


def test_while_github_is_away_pages_say_how_old_their_word_is_and_end_after_an_hour(
    browser: FlaskClient, github: SomeGitHub, clock: Clock
) -> None:
    sign_in(browser, github, "mona")
    github.is_away = True
    clock.now += timedelta(minutes=11)
    page = get(browser, "/repositories")
    assert page.status_code == 200
    assert "GitHub does not answer: what you may see is as of" in page.text
    before = len(github.asked)
    get(browser, "/repositories")
    assert len(github.asked) == before, "it is not knocked at for every page"
    clock.now += timedelta(minutes=50)
    assert get(browser, "/repositories").status_code == 303


def test_the_persons_token_is_sealed_on_record(
    browser: FlaskClient, github: SomeGitHub, ledger: Ledger, settings: Settings
) -> None:
    sign_in(browser, github, "mona")
    ledger.close()
    kept = b"".join(file.read_bytes() for file in settings.data_dir.glob("ledger.sqlite*"))
    assert b"token of mona" not in kept


def test_half_a_sign_in_is_refused_at_the_start(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="client_secret, organisation and url"):
        create_app(edge_settings(tmp_path, dashboard={"client_id": CLIENT}), MemoryInbox())
    with pytest.raises(SettingsError, match="https"):
        edge_settings(tmp_path, dashboard={"url": "http://seawall.acme.example"})


def test_a_switched_off_dashboard_leaves_the_front_page_and_nothing_else(tmp_path: Path) -> None:
    browser = create_app(edge_settings(tmp_path, dashboard={"enabled": False}), MemoryInbox()).test_client()
    assert "webhooks/github" in browser.get("/").text
    assert browser.get("/sign-in").status_code == 404
    assert browser.get("/static/seawall.css").status_code == 404


@pytest.mark.parametrize(
    ("api", "page"),
    [
        ("https://api.github.com", "https://github.com"),
        ("https://api.acme.ghe.com", "https://acme.ghe.com"),
        ("https://github.acme.example/api/v3", "https://github.acme.example"),
        ("https://api.acme.example/api/v3", "https://api.acme.example"),
    ],
)
def test_people_sign_in_where_their_github_has_its_pages(api: str, page: str) -> None:
    assert web_address(api) == page
