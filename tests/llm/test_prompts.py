"""Every shipped prompt is well-formed, and its inputs are those that are used."""

import re

import pytest

from bot.llm.answer import read_answer
from bot.llm.prompts import load_prompt, parse_prompt
from bot.llm.speech import schema_for
from bot.settings import resource_path
from bot.settings.taxonomy import taxonomy

PARTS = sorted(path.stem for path in resource_path("prompts/parts").glob("*.md"))
SHIPPED = sorted(path.stem for path in resource_path("prompts").glob("*.md"))
GOOD = (
    '+++\npurpose = "p"\nversion = "1"\n[inputs]\ntrusted = ["a"]\ncode = ["b"]\n'
    '[reply]\nschema = "findings"\nmost_findings = 5\nquote_chars = 9\nbody_chars = 9\n+++\n'
    "# Instructions\n{{ a }}\n# Question\n{{ b }} {{ nonce }}\n"
)


@pytest.mark.parametrize("name", SHIPPED)
def test_declared_inputs_are_used_and_used_ones_declared(name):
    prompt = load_prompt(name)
    used = set(re.findall(r"\{\{ *(\w+) *\}\}", prompt.instructions + prompt.question)) - {"nonce"}
    assert used == set(prompt.inputs)
    assert prompt.purpose
    assert schema_for(prompt.reply, with_lengths=True)["title"] == prompt.reply.schema


def test_the_reviewing_prompt_ships():
    assert "review" in SHIPPED


@pytest.mark.parametrize(
    ("fault", "complaint"),
    [
        (("{{ b }}", ""), "declared but not used"),
        (("{{ b }}", "{{ b }} {{ c }}"), "used but not declared"),
        (("{{ a }}", "{{ a }} {{ b }}"), "only trusted inputs"),
        (("# Question", "# Asked"), "expected"),
    ],
)
def test_a_prompt_with_a_fault_is_named(fault, complaint):
    with pytest.raises(ValueError, match=complaint):
        parse_prompt("faulty", GOOD.replace(*fault))


def test_an_edit_shows_in_the_version():
    first, second = parse_prompt("p", GOOD), parse_prompt("p", GOOD + "!")
    assert first.version.split("+")[0] == second.version.split("+")[0] == "1"
    assert first.version != second.version


@pytest.mark.parametrize("wrong", [{"a": "1"}, {"a": "1", "b": "2", "c": "3"}])
def test_missing_and_unknown_inputs_are_refused(wrong):
    with pytest.raises(ValueError, match="missing or unknown"):
        parse_prompt("p", GOOD).render(wrong, "n")


READINGS = [name for name in SHIPPED if load_prompt(name).reply.schema == "findings"]


@pytest.mark.parametrize("name", [name for name in READINGS if name != "review"])
def test_the_example_in_a_reading_prompt_is_an_answer_we_would_keep(name):
    prompt = load_prompt(name)
    example = prompt.instructions[prompt.instructions.index('{"findings": [{"quote"') :]
    read = read_answer(re.sub(r"\n +", " ", example), prompt.reply.most_findings)
    assert read.malformed == 0
    (candidate,) = read.candidates
    assert candidate.kind in taxonomy()[candidate.class_]
    assert len(candidate.title) <= 80
    assert len(candidate.body.split()) < 120


def test_an_input_that_is_empty_brings_neither_words_nor_fences():
    prompt = load_prompt("review")
    bare = prompt.render(dict.fromkeys(prompt.inputs, "") | {"title": "Retry", "code": "1 + x = 1"}, "7")
    assert re.findall(r"begin (\w+)\]", bare.user) == ["title", "code"]
    assert "Found already" not in bare.user
    assert "\n\n\n" not in bare.user


def test_what_economy_asks_of_every_change_leaves_room_for_its_code():
    """1,800 tokens for a small change: a thousand of them are for the code and what stands around it."""
    prompt = load_prompt("review")
    assert prompt.render(dict.fromkeys(prompt.inputs, "") | {"code": "-"}, "7" * 18).tokens <= 820


def test_classes_are_named_once_by_the_prompt_or_by_the_schema():
    """A local grammar costs no tokens, so there it names them too, and holds the model to them."""
    for name in READINGS:
        prompt = load_prompt(name)
        for with_lengths in (True, False):
            item = schema_for(prompt.reply, with_lengths)["properties"]["findings"]["items"]
            is_listed = "enum" in item["properties"]["class"]
            assert is_listed is (with_lengths or name != "review")
