"""Which folders of libraries hold copies of others' code, and which a project's own."""

import os
from dataclasses import replace

import pytest

from bot.domain import FoundFolder
from bot.settings import load_settings
from bot.settings.beside import MOST_NAMES
from bot.source import LocalGit, TwoTrees, classify, folders_of_copies
from bot.source.history import History
from bot.source.policy_here import policy_here

READING = load_settings({}).reading


def folder(path, *names):
    return FoundFolder(path=path, names=names)


@pytest.mark.parametrize(
    "names",
    [
        ("requests", "six.py", "tmdb_api"),
        ("requests", "six.py", *(f"check_{number}.py" for number in range(38))),
        ("Jinja2", "urllib3", "README.md"),
        ("plexapi", "PlexAPI-4.16.1.dist-info"),
        ("natsort", "natsort-5.0.egg-info", "mega-1.0.egg-info"),
        ("six.py", "mega-1.0.egg-info"),
    ],
)
def test_copies_beside_each_other_tell_of_the_whole_folder(names):
    assert folders_of_copies([folder("lib", *names)]) == {"lib"}


@pytest.mark.parametrize(
    "names",
    [
        (),
        ("shop", "six.py"),
        ("six", "six.py"),
        ("shop", "shop.egg-info"),
        ("requests.py", "jinja2.py", "websocket.py"),
        ("dns", "websocket", "packaging", "markdown"),
        ("requests.js", "six.rb"),
        ("requests", "six.py", *(f"check_{number}.py" for number in range(39))),
    ],
)
def test_a_folder_of_own_code_is_none_of_copies(names):
    assert folders_of_copies([folder("lib", *names)]) == frozenset()


def test_what_a_change_brings_counts_with_what_is_there():
    there = [folder("ext", "six.py", "shop")]
    assert folders_of_copies(there, ["ext/requests/api.py"]) == {"ext"}
    assert folders_of_copies([], ["libs/six.py", "libs/requests/api.py"]) == {"libs"}
    assert folders_of_copies(there, ["shop/ext/requests/api.py", "lib/requests/api.py", "requests"]) == frozenset()
    assert folders_of_copies([], ["shop/six.py", "shop/requests/api.py"]) == frozenset(), "no folder of libraries"


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("lib/tmdb_api/x.py", "vendored (lib/ holds copies)"),
        ("lib/certgen.py", "vendored (lib/ holds copies)"),
        ("lib/requests/api.py", "vendored (a copy of requests)"),
        ("lib/tmdb_api/x.js", None),
        ("lib2/tmdb_api/x.py", None),
        ("shop/lib/x.py", None),
        ("lib.py", None),
    ],
)
def test_every_python_file_below_a_folder_of_copies_is_vendored(path, expected):
    for head in (None, b"x = 1\n"):
        skipped = classify(path, head, READING, frozenset({"lib"}))
        assert (skipped and skipped.reason) == expected
        assert skipped is None or skipped.expected


@pytest.fixture
def copying(repository):
    """`main` has copies in `lib`, own code in `ext` and a link `libs`; the working tree has changed all of it."""
    repository.write("lib/six.py", "x = 1\n")
    repository.write("lib/requests/api.py", "x = 1\n")
    repository.write("lib/tmdb_api/client.py", "x = 1\n")
    repository.write("ext/shop/pay.py", "x = 1\n")
    os.symlink("lib", repository.root / "libs")
    repository.write("deps", "a file\n")
    repository.commit()
    repository.git("rm", "-q", "-r", "lib")
    repository.write("ext/six.py", "x = 1\n")
    return repository


LISTED = (folder("ext", "shop"), folder("lib", "requests", "six.py", "tmdb_api"))


def test_a_change_comes_with_what_the_folders_hold_at_its_base(copying):
    assert LocalGit(copying.root).policy().libraries == LISTED


def test_a_commit_of_the_past_comes_with_what_they_held_then(copying):
    before = copying.git("rev-parse", "HEAD")
    copying.commit()
    history = History(copying.root)
    head = history.main_line("HEAD", 1).head
    assert history.policy(head).libraries == (folder("ext", "shop", "six.py"),)
    assert history.policy(replace(head, sha=before)).libraries == LISTED


def test_of_two_folders_the_one_before_tells(copying, tmp_path):
    (tmp_path / "before/lib/shop").mkdir(parents=True)
    (tmp_path / "before/lib/shop/pay.py").write_text("x = 1\n")
    assert TwoTrees(tmp_path / "before", copying.root).policy().libraries == (folder("lib", "shop"),)


def test_folders_on_the_disk_are_listed_as_they_stand(copying):
    assert policy_here(copying.root).libraries == (folder("ext", "shop", "six.py"),)


def test_names_that_are_no_text_and_folders_without_end_are_bounded(repository):
    repository.write(b"lib/\xff.py", "x = 1\n")
    for number in range(MOST_NAMES + 5):
        repository.write(f"ext/{number:04}.py", "")
    repository.commit()
    repository.write("shop.py", "x = 1\n")
    for texts in (policy_here(repository.root), LocalGit(repository.root).policy()):
        ext, lib = texts.libraries
        assert len(ext.names) == MOST_NAMES
        assert lib.names == ("\ufffd.py",)
