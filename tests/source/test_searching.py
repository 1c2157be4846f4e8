"""Looking for names in all of a head, changed or not."""

import pytest

from bot.domain.searching import Hit, Searchable
from bot.errors import SourceError
from bot.source import LocalGit, TwoTrees
from bot.source.git import Git
from bot.source.searching import TreeSearch

CALLER = "from shop.pay import charge\n\n\ndef order():\n    charge(1)\n    recharge(2)\n"


@pytest.fixture
def shop(repository):
    repository.write("shop/pay.py", "def charge(amount):\n    return amount\n")
    repository.write("shop/orders.py", CALLER)
    repository.write("docs/pay.md", "charge it\n")
    repository.commit()
    repository.write("shop/pay.py", "def charge(amount):\n    return -amount\n")
    return repository


def test_whole_words_are_found_in_unchanged_files_of_the_endings_asked_for(shop):
    search = LocalGit(shop.root).search()
    assert search.find(["charge", "nowhere"], [".py"]) == [
        Hit("shop/orders.py", 1, "from shop.pay import charge"),
        Hit("shop/orders.py", 5, "    charge(1)"),
        Hit("shop/pay.py", 1, "def charge(amount):"),
    ]


def test_the_working_tree_is_searched_as_it_was_first_read(shop):
    shop.write("shop/new.py", "charge(3)\n")
    source = LocalGit(shop.root)
    search = source.search()
    assert Hit("shop/new.py", 1, "charge(3)") in search.find(["charge"], [".py"])
    shop.write("shop/new.py", "nothing\n")
    assert search.read(["shop/new.py"]) == {"shop/new.py": b"charge(3)\n"}


def test_a_named_head_is_searched_and_not_what_lies_in_the_working_tree(shop):
    search = LocalGit(shop.root, base="HEAD", head="HEAD").search()
    assert search.read(["shop/pay.py"]) == {"shop/pay.py": b"def charge(amount):\n    return amount\n"}


def test_of_two_folders_the_one_after_is_searched(tmp_path):
    for name in ("before", "after"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "pay.py").write_text(f"charge_{name}()\n")
    search = TwoTrees(tmp_path / "before", tmp_path / "after").search()
    assert search.find(["charge_before"], [".py"]) == []
    assert search.find(["charge_after"], [".py"]) == [Hit("pay.py", 1, "charge_after()")]


def test_what_is_no_name_is_not_made_a_pattern_of(shop):
    search = LocalGit(shop.root).search()
    assert search.find(["charge|order", "", "-e", ".*"], [".py"]) == []
    assert search.find(["charge"], []) == []


def test_paths_that_only_look_like_objects_and_large_files_are_left_out(shop):
    shop.write("a b", "x\n")
    shop.write("blob 5", "y\n")
    shop.write("large.py", "z" * 5000)
    search = LocalGit(shop.root, max_file_bytes=4000).search()
    read = search.read(["a b", "gone blob", "blob 5", "shop", "large.py", "shop/pay.py\nHEAD", "../x"])
    assert read == {"a b": b"x\n", "blob 5": b"y\n"}


def test_lines_nobody_wrote_by_hand_and_binary_files_are_no_hits(shop):
    shop.write("minified.py", "charge(" + "1," * 400 + ")\n")
    shop.write("image.py", b"\0charge()\n")
    paths = {hit.path for hit in LocalGit(shop.root).search().find(["charge"], [".py"])}
    assert paths == {"shop/orders.py", "shop/pay.py"}


def test_vendored_code_is_not_searched(shop):
    shop.write("vendor/pay.py", "charge()\n")
    shop.write("web/node_modules/pay.py", "charge()\n")
    assert {hit.path for hit in LocalGit(shop.root).search().find(["charge"], [".py"])} == {
        "shop/orders.py",
        "shop/pay.py",
    }


def test_a_tree_that_is_not_there_is_an_error_and_not_an_empty_answer(shop):
    search = TreeSearch(Git(shop.root), "0" * 40, 1000)
    with pytest.raises(SourceError):
        search.find(["charge"], [".py"])


def test_sources_of_this_machine_can_be_searched(shop):
    assert isinstance(LocalGit(shop.root), Searchable)
