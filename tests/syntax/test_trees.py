"""A text that was edited is parsed from the tree of the former one, and gives the tree that it gives at once."""

import pytest

from bot.syntax import Node, Replaced, SourceFile, parse, parse_again

CODE = b"import requests\n\ndef load(url):\n    return requests.get(url)\n\ndef save(url):\n    requests.put(url)\n"


def read(content: bytes) -> SourceFile:
    file = parse("app.py", content)
    assert file is not None
    return file


def drawn(node: Node) -> list[object]:
    return [node.type, node.start_point, node.end_point, node.start_byte, node.end_byte, *map(drawn, node.children)]


def edited(former: bytes, *changes: tuple[bytes, bytes]) -> tuple[SourceFile, SourceFile]:
    """A text with some pieces replaced, in their order, parsed from the former one and at once."""
    pieces, text = [], former
    for old, new in changes:
        start = former.index(old)
        pieces.append(Replaced(start, start + len(old), start + len(new)))
        text = text.replace(old, new, 1)
    return parse_again(read(former), text, pieces), read(text)


@pytest.mark.parametrize(
    "changes",
    [
        [(b"get(url)", b"get(url, timeout=10)")],
        [(b"get(url)", b"get(url, timeout=10)"), (b"put(url)", b"put(\n        url,\n        timeout=10)")],
        [(b"def load(url):\n    return requests.get(url)\n", b""), (b"put", b"post")],
        [(b"    requests.put(url)\n", b"    for \xc3\xbc in url:\n        requests.put(\xc3\xbc)\n")],
        [(b"get(url)", b"get(url")],
        [(b"url", b"\xff")],
    ],
)
def test_the_tree_is_the_one_of_the_new_text(changes: list[tuple[bytes, bytes]]) -> None:
    again, at_once = edited(CODE, *changes)
    assert again.text == at_once.text
    assert drawn(again.tree.root_node) == drawn(at_once.tree.root_node)
    assert [call.name for call in again.calls] == [call.name for call in at_once.calls]


def test_the_former_tree_stays_as_it_was() -> None:
    file = read(CODE)
    before = drawn(file.tree.root_node)
    at = CODE.index(b"load")
    parse_again(file, CODE.replace(b"load", b"load_all", 1), [Replaced(at, at + 4, at + 8)])
    assert drawn(file.tree.root_node) == before


def test_a_text_with_errors_is_read_at_once() -> None:
    again, at_once = edited(CODE.replace(b"get(url)", b"get(url"), (b"put(url)", b"put(url, 1)"))
    assert again.error_count == at_once.error_count > 0
    assert drawn(again.tree.root_node) == drawn(at_once.tree.root_node)


def test_a_byte_order_mark_shifts_nothing() -> None:
    mark, at = b"\xef\xbb\xbf", CODE.index(b"get(url)")
    again = parse_again(read(mark + CODE), mark + CODE.replace(b"get(url)", b"get()"), [Replaced(at, at + 8, at + 5)])
    assert drawn(again.tree.root_node) == drawn(read(CODE.replace(b"get(url)", b"get()")).tree.root_node)
