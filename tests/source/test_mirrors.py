"""Copies of repositories to search, fetched from real ones."""

import base64
import errno
import fcntl
import http.server
import os
import subprocess
import threading
import time

import pytest

from bot.domain.searching import Hit
from bot.errors import SourceError
from bot.source.fetching import FetchLimits, Remote
from bot.source.mirrors import FORGET_FAILURE_S, UNUSED_DAYS, Mirrors
from tests.source.conftest import Repository

LIMITS = FetchLimits(timeout_s=60, max_bytes=50 << 20, max_file_bytes=2000)


@pytest.fixture
def shop(repository):
    repository.git("config", "uploadpack.allowFilter", "true")
    repository.git("config", "uploadpack.allowAnySHA1InWant", "true")
    repository.write("pay.py", "def charge():\n    return 1\n")
    repository.write("large.py", "charge()\n" * 1000)
    repository.head = repository.commit()
    return repository


@pytest.fixture
def mirrors(tmp_path):
    return Mirrors(tmp_path / "mirrors", 3, LIMITS)


def remote_of(repository: Repository, token: str = ""):
    return lambda: Remote(f"file://{repository.root}", token)


def nobody():
    raise AssertionError("nothing is to be fetched")


def found(search) -> list[Hit]:
    return list(search.find(["charge"], [".py"]))


def test_a_commit_is_fetched_once_and_searched_without_its_large_files(shop, mirrors, tmp_path):
    search = mirrors.search("1", shop.head, remote_of(shop))
    assert found(search) == [Hit("pay.py", 1, "def charge():")]
    again = mirrors.search("1", shop.head, nobody)
    assert again.read(["pay.py", "large.py", "none.py"]) == {"pay.py": b"def charge():\n    return 1\n"}
    assert not list((tmp_path / "mirrors").rglob("pay.py"))  # nothing is ever checked out


def test_the_next_commit_comes_into_the_same_copy_and_the_first_stays_readable(shop, mirrors, tmp_path):
    first, old = mirrors.search("1", shop.head, remote_of(shop)), shop.head
    assert found(first)
    shop.write("till.py", "charge()\n")
    second = mirrors.search("1", shop.commit(), remote_of(shop))
    assert [hit.path for hit in found(second)] == ["pay.py", "till.py"]
    assert [hit.path for hit in found(mirrors.search("1", old, nobody))] == ["pay.py"]
    assert [place.name for place in (tmp_path / "mirrors").glob("*.git")] == ["1.git"]


def test_history_is_not_fetched(shop, mirrors, tmp_path):
    shop.write("pay.py", "def charge():\n    return 2\n")
    old, head = shop.head, shop.commit()
    assert found(mirrors.search("1", head, remote_of(shop)))
    there = subprocess.run(["git", "-C", tmp_path / "mirrors/1.git", "cat-file", "-e", old], capture_output=True)
    assert there.returncode != 0


def test_what_cannot_be_had_is_an_error_with_its_reason_and_is_not_tried_again_at_once(shop, tmp_path):
    now = [1000.0]
    mirrors = Mirrors(tmp_path / "mirrors", 3, LIMITS, clock=lambda: now[0])
    with pytest.raises(SourceError, match="git could not fetch it"):
        found(mirrors.search("1", "a" * 40, remote_of(shop)))
    with pytest.raises(SourceError, match="git could not fetch it"):
        found(mirrors.search("1", "a" * 40, nobody))
    now[0] += FORGET_FAILURE_S + 1
    assert found(mirrors.search("1", shop.head, remote_of(shop)))


def test_a_repository_over_the_limit_is_left_alone_and_leaves_nothing_behind(shop, tmp_path):
    shop.write("noise.bin", os.urandom(1900))
    limits = FetchLimits(timeout_s=60, max_bytes=1500, max_file_bytes=2000)
    mirrors = Mirrors(tmp_path / "mirrors", 3, limits)
    with pytest.raises(SourceError, match="more than 0 MB"):
        found(mirrors.search("1", shop.commit(), remote_of(shop)))
    assert not (tmp_path / "mirrors/1.git").exists()


def test_a_fetch_that_hangs_is_ended(shop, tmp_path):
    remote = Remote(f"file://{tmp_path}/hangs")
    pipe = tmp_path / "hangs"
    (pipe / "objects").mkdir(parents=True)
    (pipe / "refs").mkdir()
    os.mkfifo(pipe / "HEAD")  # git waits for somebody to write
    mirrors = Mirrors(tmp_path / "mirrors", 3, FetchLimits(timeout_s=0.5, max_bytes=1 << 20, max_file_bytes=2000))
    with pytest.raises(SourceError, match=r"took longer than 0\.5 s"):
        found(mirrors.search("1", "a" * 40, lambda: remote))


def used(folder, name, days_ago):
    at = time.time() - days_ago * 86_400
    os.utime(folder / f"{name}.git", (at, at))


def kept(folder):
    return sorted(place.name for place in folder.glob("*.git"))


def test_the_copies_used_last_are_kept(shop, tmp_path):
    folder = tmp_path / "mirrors"
    mirrors = Mirrors(folder, 2, LIMITS)
    for days_ago, name in ((3, "1"), (2, "2"), (1, "3")):
        found(mirrors.search(name, shop.head, remote_of(shop)))
        used(folder, name, days_ago)
    assert kept(folder) == ["2.git", "3.git"]


def test_a_copy_that_is_read_is_not_removed_and_one_long_unused_is(shop, tmp_path):
    folder = tmp_path / "mirrors"
    mirrors = Mirrors(folder, 9, LIMITS)
    for name in ("1", "2"):
        found(mirrors.search(name, shop.head, remote_of(shop)))
    for name in ("1", "2"):
        used(folder, name, UNUSED_DAYS + 1)
    with open(folder / "2.lock", "ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_SH)
        found(mirrors.search("3", shop.head, remote_of(shop)))
    assert kept(folder) == ["2.git", "3.git"]


def test_a_copy_can_be_removed_at_once_and_fetched_again(shop, mirrors, tmp_path):
    assert found(mirrors.search("1", shop.head, remote_of(shop)))
    assert mirrors.remove("1")
    assert kept(tmp_path / "mirrors") == []
    assert mirrors.remove("never-there")
    assert found(mirrors.search("1", shop.head, remote_of(shop)))


def test_a_copy_that_another_process_removes_meanwhile_is_no_trouble(shop, mirrors, tmp_path):
    (tmp_path / "mirrors").mkdir()
    (tmp_path / "mirrors" / "gone.git").symlink_to("nowhere")  # listed, and not there when it is looked at
    assert found(mirrors.search("1", shop.head, remote_of(shop)))


def test_a_folder_without_locks_is_an_error_at_once_that_says_so(shop, mirrors, monkeypatch):
    def refuse(*_):
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "flock", refuse)
    with pytest.raises(SourceError, match=r"copies cannot be kept in .*: No locks available"):
        found(mirrors.search("1", shop.head, nobody))


def test_a_folder_that_cannot_be_written_is_an_error_like_others(shop, tmp_path):
    (tmp_path / "mirrors").write_text("a file")
    with pytest.raises(SourceError, match="copies cannot be kept in"):
        found(Mirrors(tmp_path / "mirrors", 3, LIMITS).search("1", shop.head, remote_of(shop)))


def test_hooks_and_configuration_of_this_machine_are_not_used(shop, mirrors, no_settings_of_this_machine, tmp_path):
    hooks = tmp_path / "hooks"
    hooks.mkdir()
    (hooks / "reference-transaction").write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\n")
    (hooks / "reference-transaction").chmod(0o755)
    (no_settings_of_this_machine / ".gitconfig").write_text(f"[core]\n\thooksPath = {hooks}\n")
    assert found(mirrors.search("1", shop.head, remote_of(shop)))
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize("url", ["ext::sh -c touch% evil", "ssh://127.0.0.1/x", "--upload-pack=touch evil"])
def test_no_other_protocol_is_spoken_than_the_address_names(mirrors, url, tmp_path):
    with pytest.raises(SourceError):
        found(mirrors.search("1", "a" * 40, lambda: Remote(url)))
    assert not (tmp_path / "mirrors/1.git/evil").exists()


def test_names_that_would_leave_the_folder_are_refused(mirrors):
    for name, commit in (("../1", "a" * 40), ("1", "HEAD"), ("1", "--all")):
        with pytest.raises(ValueError, match="no copy can be called"):
            mirrors.search(name, commit, nobody)


class _GitOverHttp(http.server.BaseHTTPRequestHandler):
    """Hands requests on to git's own program for that; without the right token it answers 401."""

    protocol_version = "HTTP/1.0"
    root = ""
    expected = ""

    def do_GET(self):
        self._answer(b"")

    def do_POST(self):
        self._answer(self.rfile.read(int(self.headers["Content-Length"])))

    def _answer(self, body):
        if self.headers.get("Authorization") != self.expected:
            self.send_response(401)
            self.end_headers()
            return
        path, _, query = self.path.partition("?")
        environment = {
            "PATH": os.environ["PATH"], "GIT_PROJECT_ROOT": self.root, "GIT_HTTP_EXPORT_ALL": "1", "PATH_INFO": path,
            "QUERY_STRING": query, "REQUEST_METHOD": self.command, "REMOTE_ADDR": "127.0.0.1",
            "CONTENT_TYPE": self.headers.get("Content-Type", ""), "CONTENT_LENGTH": str(len(body)),
            "GIT_PROTOCOL": self.headers.get("Git-Protocol", ""),
            "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""),
        }  # fmt: skip
        ran = subprocess.run(["git", "http-backend"], env=environment, input=body, capture_output=True, timeout=30)
        head, _, content = ran.stdout.partition(b"\r\n\r\n")
        self.send_response(200)
        for line in head.decode().split("\r\n"):
            self.send_header(*line.split(": ", 1))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_):
        pass


def test_the_token_goes_in_a_header_and_a_wrong_one_is_an_error_without_it(shop, tmp_path):
    login = base64.b64encode(b"x-access-token:right").decode()
    handler = type("Handler", (_GitOverHttp,), {"root": str(shop.root.parent), "expected": f"Basic {login}"})
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_address[1]}/{shop.root.name}/.git"
        assert found(Mirrors(tmp_path / "a", 3, LIMITS).search("1", shop.head, lambda: Remote(url, "right")))
        with pytest.raises(SourceError) as refused:
            found(Mirrors(tmp_path / "b", 3, LIMITS).search("1", shop.head, lambda: Remote(url, "wr0ng-t0ken")))
        server.shutdown()
    assert "wr0ng" not in str(refused.value)
    assert "right" not in (tmp_path / "a/1.git/config").read_text()
