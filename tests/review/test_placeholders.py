"""A secret has one name in all prompts of a review; a quote that holds it is compared with the code."""

import json

import pytest

from bot.domain import Severity
from bot.redaction import MASK
from bot.review.context import pack
from bot.review.placeholders import PLACEHOLDER, Placeholders
from bot.review.quote import HeadText, Place
from bot.review.verify import verify
from tests.review.readers import Readers, doubt, heard
from tests.review.test_context import change_of
from tests.review.test_verify import a_candidate

AWS = "AKIA" + "ABCDEFGH12345678"
GITHUB = "ghp_" + "a1B2" * 9
DRAWN = "q7Rz2Kp9" + "WmX4tB8vNc3L" + "yF6sJd1G"
FILES = {
    "pay.py": f'KEY = "{AWS}"\nOLD = "{AWS}"\nTOKEN = "{GITHUB}"\nsend(KEY, "{DRAWN}")\n',
    "ship.py": f'SEED = "{DRAWN}"\nurl = "postgres://shop:{GITHUB[:20]}@db/shop"\n',
}


def test_the_same_secret_has_the_same_name_and_another_another():
    secrets = Placeholders()
    change, contents = change_of(*((path, "x = 1\n", text) for path, text in FILES.items()), title=f"Rotate {AWS}")
    (question,) = pack(change, contents, hide=secrets.hide).questions
    assert question.inputs["title"] == "Rotate [secret-1-aws-key]"
    code = question.inputs["code"]
    assert 'KEY = "[secret-1-aws-key]"' in code
    assert 'OLD = "[secret-1-aws-key]"' in code
    assert 'TOKEN = "[secret-2-github-token]"' in code
    assert 'send(KEY, "[secret-3-random]")' in code
    assert 'SEED = "[secret-3-random]"' in code
    assert "postgres://shop:[secret-4-password]@db/shop" in code
    assert not any(secret in json.dumps(question.inputs) for secret in (AWS, GITHUB, DRAWN))


def test_what_is_hidden_is_hidden_once_and_comes_back_whole():
    secrets = Placeholders()
    key = "-----BEGIN PRIVATE KEY-----\nMIIEow\n-----END PRIVATE KEY-----\nx"
    for text in (*FILES.values(), 'password = "correct-horse"', key):
        hidden = secrets.hide(text)
        assert PLACEHOLDER.search(hidden)
        assert secrets.hide(hidden) == hidden
        assert len(hidden.split("\n")) == len(text.split("\n"))
        assert "".join(secrets.restore(hidden).split()) == "".join(text.split())
    assert AWS not in repr(secrets) + str(vars(secrets).keys())


def test_a_name_that_nobody_gave_stands_for_nothing():
    assert Placeholders().restore("x = '[secret-1-aws-key]'") == "x = '[secret-1-aws-key]'"


def test_a_quote_is_held_to_the_secret_it_names():
    secrets = Placeholders()
    content = f'a = get("{AWS}")\nb = get("AKIA{"Z" * 16}")\n'
    secrets.hide(content)
    head = HeadText("pay.py", content.encode(), secrets.restore)
    assert head.places('1   a = get("[secret-1-aws-key]")') == [Place(1, 1)]
    assert head.places('get("[secret-2-aws-key]")') == [Place(2, 2)]
    assert head.places('a = get("[secret-2-aws-key]")') == []
    assert head.places('a = get("[secret-7-aws-key]")') == []


def test_what_is_kept_of_a_finding_names_no_secret():
    secrets = Placeholders()
    change, contents = change_of(("pay.py", "x = 1\n", FILES["pay.py"]))
    shown = pack(change, contents, hide=secrets.hide).questions[0].inputs["code"]
    line = next(line for line in shown.split("\n") if "send(" in line)
    candidate = a_candidate(
        path="pay.py", quote=line, start_line=4, end_line=4, body="When it runs, [secret-3-random] is sent.",
        replacement='send(KEY, "[secret-3-random]", timeout=3)',
    )  # fmt: skip
    (finding,), _ = verify([candidate], change, contents, restore=secrets.restore)
    assert finding.start_line == 4
    assert finding.evidence == f'send(KEY, "{MASK}")'
    assert finding.suggestion is None
    assert DRAWN not in json.dumps(finding.to_json())


def test_a_committable_edit_brings_no_name_into_the_code():
    secrets = Placeholders()
    after = FILES["pay.py"] + "send(KEY, order)\n"
    change, contents = change_of(("pay.py", "x = 1\n", after))
    secrets.hide(after)
    edit = a_candidate(
        path="pay.py",
        quote="send(KEY, order)",
        start_line=5,
        end_line=5,
        replacement='send("[secret-1-aws-key]", order)',
    )
    (finding,), _ = verify([edit], change, contents, restore=secrets.restore)
    assert finding.suggestion is None


@pytest.mark.parametrize("profile", ["balanced", "thorough"])
def test_reading_and_doubt_see_one_name_and_a_proof_may_quote_it(profile):
    claim = a_candidate(path="pay.py", quote='TOKEN = "[secret-1-github-token]"', start_line=3, end_line=3)

    def defends(number: int, told: str):
        assert 'TOKEN = "[secret-1-github-token]"' in told
        return doubt(number, quote='TOKEN = "[secret-1-github-token]"', path="pay.py", severity=Severity.HIGH)

    model = Readers({"review-logic": [claim], "review-resilience": [claim]}, defends)
    review, _ = heard(model, profile, path="pay.py", head=FILES["pay.py"])
    (finding,) = [one for one in review.findings if one.source == "model"]
    assert finding.evidence == f'TOKEN = "{MASK}"'
    assert model.claims
    assert GITHUB not in json.dumps(review.to_json())
