"""The engine in small: deliveries come over HTTP through the real edge, and their jobs are done at once, in order."""

import threading
from collections import Counter, deque
from collections.abc import Callable, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from werkzeug.datastructures import Headers

from bot.chat.story import ChatStory
from bot.domain import (
    CheckRerequested,
    CommandGiven,
    Delivery,
    InstallationChanged,
    Job,
    MergeGroupQueued,
    PullRequest,
    PullRequestNoted,
    ReplyNoted,
    RepositoryChanged,
    ReviewWanted,
    StartReview,
    ThreadNoted,
)
from bot.review.story import ReviewStory
from bot.settings import Settings
from tests.life.clockwork import Clock
from webhooks.intake import read_delivery
from webhooks.refusal import Refusal


class SmallEngine:
    """What bot/engine makes of jobs, without its queues: `run` carries out all that has arrived."""

    def __init__(self, settings: Settings, reviews: ReviewStory, chat: ChatStory, clock: Clock) -> None:
        self._settings = settings
        self._reviews = reviews
        self._chat = chat
        self._clock = clock
        self._arrived: deque[Delivery] = deque()
        self._known: set[str] = set()
        self._generations: Counter[str] = Counter()
        self.reviewed: Callable[[PullRequest], None] = lambda pull_request: None

    def take(self, headers: Headers, body: bytes) -> int:
        """As the edge answers: 202, or why not."""
        try:
            delivery = read_delivery(headers, body, self._settings, self._clock().isoformat(timespec="seconds"))
        except Refusal as refusal:
            return refusal.status
        if delivery.guid not in self._known:
            self._known.add(delivery.guid)
            self._arrived.append(delivery)
        return 202

    def run(self) -> bool:
        """False where nothing had arrived."""
        if not self._arrived:
            return False
        while self._arrived:
            delivery = self._arrived.popleft()
            self._reviews.keep(delivery)
            for job in delivery.jobs:
                self._do(job)
        return True

    def sweep(self) -> None:
        """The round that looks for reactions."""
        for pull_request in self._chat.to_sweep():
            self._chat.sweep(pull_request)

    def _do(self, job: Job) -> None:
        match job:
            case ReviewWanted():
                self._review(job.pull_request, generation=0)
            case CheckRerequested():
                for pull_request in self._reviews.resolve(job):
                    self._review_again(pull_request)
            case MergeGroupQueued():
                self._reviews.merge_group(job)
            case CommandGiven():
                self._command(job)
            case PullRequestNoted():
                self._reviews.note(job)
                if job.stops_review and not job.pull_request.is_open:
                    self._chat.sweep(job.pull_request)
            case InstallationChanged() | RepositoryChanged():
                self._reviews.note(job)
            case ReplyNoted() | ThreadNoted():
                self._chat.note(job)

    def _command(self, given: CommandGiven) -> None:
        self._chat.hear(given)
        answer = self._chat.answer(given, ())
        self._chat.deliver(given, answer)
        for want in answer.wants:
            if isinstance(want, StartReview):
                self._review_again(want.pull_request)

    def _review_again(self, pull_request: PullRequest) -> None:
        self._generations[pull_request.review_key] += 1
        self._review(pull_request, self._generations[pull_request.review_key])

    def _review(self, pull_request: PullRequest, generation: int) -> None:
        def ask(questions: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
            return [self._reviews.ask_model(pull_request, question) for question in questions]

        end = self._reviews.review(pull_request, generation, self._step, ask)
        for listener in self._chat.listeners(pull_request).values():
            self._chat.tell(listener, pull_request, end.state, end.reason)
        self.reviewed(pull_request)

    def _step(self, _name: str, function: Callable[..., Any], *arguments: Any) -> Any:
        """A plain step, that takes a tenth of a second by the stage's clock."""
        self._clock.pass_by(milliseconds=100)
        return function(*arguments)


class Receiver:
    """Listens for webhooks on loopback."""

    def __init__(self, take: Callable[[Headers, bytes], int]) -> None:
        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                self.send_response(take(Headers(list(self.headers.items())), body))
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                """Quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        self.url = f"http://127.0.0.1:{self._server.server_port}/webhooks/github"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
