"""Issues that a program opens, and changes."""

from flask import Blueprint, Response

from bot.demo.standin.judge import LONGEST_BODY
from bot.demo.standin.records import Issue, Label
from bot.demo.standin.refusals import invalid, not_found
from bot.demo.standin.routes.asking import answer, body, links, me, repository, world
from bot.demo.standin.shapes.issues import issue

routes = Blueprint("issues", __name__)

LONGEST_TITLE = 256


@routes.post("/repos/<owner>/<repo>/issues")
def create_issue(owner: str, repo: str) -> Response:
    found, sent, now = repository(owner, repo, "issues", "write"), body(), world().clock()
    if not sent.get("title"):
        raise invalid("Issue", "title", "missing_field")
    title, text = _checked(sent)
    tags = [Label(world().next_id(), str(name)) for name in sent.get("labels") or []]
    made = Issue(world().next_id(), found.next_number, me(), title, tags, now, now, body=text)
    found.issues[made.number] = made
    return answer(issue(found, made, links()), 201)


@routes.patch("/repos/<owner>/<repo>/issues/<int:number>")
def update_issue(owner: str, repo: str, number: int) -> Response:
    found, sent, now = repository(owner, repo, "issues", "write"), body(), world().clock()
    if number not in found.issues:
        raise not_found()
    one = found.issues[number]
    title, text = _checked({"title": one.title, "body": one.body} | sent)
    if sent.get("state", "open") not in ("open", "closed"):
        raise invalid("Issue", "state")
    one.title, one.body, one.updated_at = title, text, now
    if "state" in sent:
        is_closed = sent["state"] == "closed"
        one.closed_at, one.closed_by = (one.closed_at or now, me()) if is_closed else (None, None)
    return answer(issue(found, one, links()))


def _checked(sent: dict[str, object]) -> tuple[str, str]:
    title, text = str(sent["title"]), str(sent.get("body") or "")
    if len(title) > LONGEST_TITLE:
        raise invalid("Issue", "title", "custom", f"title is too long (maximum is {LONGEST_TITLE} characters)")
    if len(text) > LONGEST_BODY:
        raise invalid("Issue", "body", "custom", f"body is too long (maximum is {LONGEST_BODY} characters)")
    return title, text
