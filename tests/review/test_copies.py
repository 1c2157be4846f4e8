"""Copies of others' libraries in a review: listed, never read, and no reason to call it partial."""

from datetime import UTC, datetime

import pytest

from bot.domain import FoundFolder, PolicyTexts
from bot.review.desks import Desks
from bot.review.snapshot import Snapshot, take
from bot.settings import Policy, load_settings
from tests.review.lives import InProcess, Trees

NOW = datetime(2026, 8, 1, tzinfo=UTC)
READING = load_settings({}).reading
TMDB = {"lib/tmdb_api/client.py": "import requests\n\nrequests.get(URL)\n"}
COPIES = ("requests", "six.py", "tmdb_api")


class Listed(Trees):
    """What the base holds in `lib` is told as a source tells it."""

    names: tuple[str, ...] = ()

    def policy(self) -> PolicyTexts:
        return PolicyTexts(libraries=(FoundFolder(path="lib", names=self.names),))


def taken(base: dict[str, str], head: dict[str, str], *names: str) -> Snapshot:
    source = Listed(base, head, "a" * 40, {}, "", 3)
    source.names = names
    return take(source, Policy(), READING)


def test_a_file_among_copies_is_listed_and_not_read() -> None:
    found = taken({}, TMDB | {"shop/pay.py": "x = 1\n"}, *COPIES)
    assert list(found.contents) == ["shop/pay.py"]
    assert [pair.path for pair in found.pairs] == ["shop/pay.py"]
    (skipped,) = found.skipped
    assert (skipped.reason, skipped.expected) == ("vendored (lib/ holds copies)", True)


def test_a_file_beside_own_code_is_read() -> None:
    assert list(taken({}, TMDB, "shop", "six.py").contents) == list(TMDB)


@pytest.mark.parametrize(
    ("beside", "is_read"), [({"lib/six.py": "x = 1\n"}, False), ({"lib/shop.py": "x = 1\n"}, True)]
)
def test_a_copy_that_the_change_brings_counts_with_those_of_the_base(beside: dict[str, str], is_read: bool) -> None:
    assert (TMDB.keys() <= taken({}, TMDB | beside, "requests").contents.keys()) is is_read


def test_what_stood_in_the_folder_before_is_read_whatever_the_change_brings() -> None:
    own = {"lib/shop/pay.py": "x = 1\n"}
    brought = {"lib/six.py": "x = 1\n", "lib/requests/api.py": "x = 1\n", "lib/tmdb_api/client.py": "x = 1\n"}
    assert list(taken(own, {"lib/shop/pay.py": "x = 2\n"} | brought, "shop").contents) == ["lib/shop/pay.py"]


def test_a_copy_that_the_change_takes_away_tells_nothing_of_its_head() -> None:
    gone = {"lib/six.py": "x = 1\n", "lib/requests/api.py": "x = 1\n"}
    assert list(taken(gone, TMDB).contents) == list(TMDB)


def test_calls_that_leave_with_a_copy_are_none_of_the_services() -> None:
    assert taken(TMDB, {}, *COPIES).gone == ()
    assert [pair.path for pair in taken(TMDB, {}, "tmdb_api").gone] == list(TMDB)


def test_a_model_is_not_shown_copies_around_a_change() -> None:
    settings = load_settings({})
    source = Listed({}, {"shop/pay.py": "x = 1\n"}, "a" * 40, {}, "", 3)
    source.names = COPIES
    may_show = Desks(settings, InProcess(), None, lambda: NOW).lay(source).may_show
    assert may_show("shop/orders.py", b"x = 1\n")
    assert not may_show("lib/tmdb_api/client.py", b"x = 1\n")
