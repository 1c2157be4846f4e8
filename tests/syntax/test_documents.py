"""Configuration and schema: what a file of values is read as."""

import pytest

from bot.syntax import Part, documents_of, parse, statements_of


def _documents(path: str, text: str) -> tuple[Part, ...]:
    file = parse(path, text.encode())
    assert file is not None
    return documents_of(file)


def test_yaml_is_read_as_mappings_lists_and_scalars() -> None:
    first, second = _documents(
        "a.yaml", "name: a\nlist: [1, 'two', {k: \"v\"}]\ndeep:\n  - x: |\n      text\n---\nb: 2\n"
    )
    assert [part.scalar for part in first.all("list")] == ["1", "two", None]
    assert first.text_at("list", "k") == "v"
    assert first.title == first.scope == "a"
    assert second.text_at("b") == "2"


def test_what_an_alias_or_a_merge_hides_is_said_to_be_unknown() -> None:
    (document,) = _documents("a.yaml", "a: *x\nb:\n  <<: *y\n  c: 1\nd: 2")
    assert not document.knows_all("a")
    assert not document.knows_all("b", "z")
    assert document.knows_all("d")


@pytest.mark.parametrize("text", ["a: {{ .Values.a }}", "{% if x %}\na: 1\n{% endif %}", "a: <%= x %>"])
def test_a_template_is_not_read_as_yaml(text: str) -> None:
    assert _documents("a.yaml", text) == ()


def test_terraform_is_read_as_blocks_with_labels() -> None:
    (document,) = _documents("a.tf", 'resource "aws_x" "web" {\n  a = "1"\n  b { c = { d = [2, var.e] } }\n  b {}\n}')
    (resource,) = document.all("resource")
    assert resource.labels == ("aws_x", "web")
    assert resource.scope == "aws_x.web"
    assert [part.scalar for part in resource.all("b", "c", "d")] == ["2", None]
    assert len(resource.all("b")) == 2
    assert not resource.knows_all("b", "c", "d")


@pytest.mark.parametrize(("path", "text"), [("a.yaml", "[" * 5000), ("a.yaml", "{a: " * 5000), ("a.tf", "a {" * 5000)])
def test_nesting_without_end_is_not_followed(path: str, text: str) -> None:
    _documents(path, text)


def test_yaml_that_is_nested_deeper_than_anybody_writes_is_unknown_at_the_bottom() -> None:
    (document,) = _documents("a.yaml", "{a: " * 300 + "1" + "}" * 300)
    here = document
    while here.entries:
        here = here.entries["a"][0]
    assert here.is_unknown
    assert here.depth == 100


def test_sql_is_read_as_statements_of_words() -> None:
    text = "-- a; comment\nALTER TABLE \"o\" ADD c text DEFAULT 'a;''b'; /* ; */ DO $x$ a; b $x$;\nselect 1::int"
    file = parse("a.sql", text.encode())
    assert file is not None
    assert [statement.words for statement in statements_of(file)] == [
        ("ALTER", "TABLE", "o", "ADD", "c", "text", "DEFAULT", "'a;''b'"),
        ("DO", "$$"),
        ("select", "1", "::", "int"),
    ]
    assert [statement.start_line for statement in statements_of(file)] == [2, 2, 3]


def test_sql_that_breaks_off_is_read_to_its_end() -> None:
    for text in ("select 'abc", "do $$ begin", "/* never closed", 'select "a'):
        file = parse("a.sql", text.encode())
        assert file is not None
        assert len(statements_of(file)) <= 1


def test_code_has_no_documents_and_no_statements() -> None:
    file = parse("a.py", b"a = 1")
    assert file is not None
    assert documents_of(file) == ()
    assert statements_of(file) == []
