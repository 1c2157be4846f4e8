"""Points that the model raised: known again by place, class and quoted code, and never lost because it is silent."""

from bot.domain import Candidate
from tests.review.lives import Life, Scripted, claim

BASE = {
    "stock.py": "STOCK = {}\n\n\ndef reserve(item):\n    return 1\n",
    "price.py": "def price(item):\n    return 1\n",
}
STOCK = """STOCK = {}


def reserve(item):
    left = STOCK.get(item, 0)
    STOCK[item] = left - 1
    return left
"""
PRICE = "def price(item):\n    total = item.net * RATE\n    return round(total)\n"
HEAD = {"stock.py": STOCK, "price.py": PRICE}
QUOTE = "STOCK[item] = left - 1"


def raises(**by_quote: Candidate):
    """Says of what it is shown what is written here, wherever the quote stands."""

    def script(code):
        return [one for one in by_quote.values() if one.quote.split("\n")[0].strip() in code]

    return Scripted(script)


def opened(model=None):
    life = Life(BASE, model=model or raises(lost=claim("stock.py", QUOTE)))
    life.push(HEAD)
    return life


def test_other_words_and_another_length_of_quote_are_the_same_point():
    life = opened()
    life.model = raises(
        lost=claim("stock.py", f"left = STOCK.get(item, 0)\n    {QUOTE}", title="Race on the stock", kind="race")
    )
    life.push({**HEAD, "stock.py": STOCK.replace("return left", "return left  # units")})
    assert (len(life.said), len(life.points)) == (1, 1)
    assert life.points[0].state == "open"


def test_what_is_not_shown_again_stands_and_weighs():
    life = opened()
    model = life.model = raises()
    life.push({**HEAD, "price.py": PRICE.replace("round", "int")})
    assert "price.py" in model.shown[0]
    assert "stock.py (" not in model.shown[0]
    assert (life.points[0].state, [finding.title for finding in life.last.findings]) == ("open", ["Lost update"])
    assert life.review.receipt.result == "findings"
    assert "1 file is unchanged" in " ".join(life.review.receipt.notes)


def test_nothing_is_asked_after_a_rebase():
    life = opened()
    model = life.model = raises()
    moved = {"stock.py": '"""Stock."""\nimport os\n\n' + STOCK, "price.py": "RATE = 2\n\n\n" + PRICE}
    base = {
        "stock.py": '"""Stock."""\nimport os\n\n' + BASE["stock.py"],
        "price.py": "RATE = 2\n\n\n" + BASE["price.py"],
    }
    life.push(moved, base=base, context=1)
    assert model.shown == []
    assert (life.points[0].state, life.last.findings[0].start_line) == ("open", 9)
    assert life.last.carried == (life.points[0].fingerprint,)


def test_a_full_review_reads_everything_again():
    life = opened()
    model = life.model = raises(lost=claim("stock.py", QUOTE))
    life.push(HEAD, is_full=True)
    assert "stock.py" in model.shown[0]
    assert len(life.said) == 1


def test_a_silent_model_does_not_fix_what_stands_as_it_was():
    life = opened()
    life.model = raises()
    life.push({**HEAD, "stock.py": STOCK.replace("return left", "audit(item)\n    return left")})
    assert (life.points[0].state, life.fixed, len(life.last.findings)) == ("open", [], 1)


def test_it_is_fixed_where_the_code_changed_and_the_model_read_it_again():
    life = opened()
    life.model = raises()
    life.push({**HEAD, "stock.py": STOCK.replace(QUOTE, "with LOCK:\n        STOCK[item] = STOCK.get(item, 0) - 1")})
    assert (life.points[0].state, life.last.findings) == ("fixed", ())
    life.model = raises(lost=claim("stock.py", QUOTE))
    life.push(HEAD)
    assert (life.points[0].state, len(life.said)) == ("open", 2)


def test_another_number_or_name_alone_does_not_fix_it():
    for other in ("STOCK[item] = left - 2", "STOCK[thing] = rest - 1"):
        life = opened()
        life.model = raises()
        life.push({**HEAD, "stock.py": STOCK.replace(QUOTE, other)})
        assert (life.points[0].state, life.fixed) == ("open", []), other


def test_a_model_that_is_away_or_gone_fixes_nothing():
    life = opened()
    life.model = None
    life.push({**HEAD, "stock.py": STOCK.replace(QUOTE, "lock(item)")})
    assert (life.points[0].state, len(life.last.findings)) == ("open", 1)


def test_code_that_moved_elsewhere_in_the_file_is_not_fixed():
    life = opened()
    life.model = raises()
    moved = STOCK.replace(f"    {QUOTE}\n", "    take(item, left)\n") + f"\n\ndef take(item, left):\n    {QUOTE}\n"
    life.push({**HEAD, "stock.py": moved})
    assert (life.points[0].state, life.fixed) == ("open", [])


def test_two_findings_of_a_class_in_one_function_are_two_points():
    model = raises(one=claim("stock.py", QUOTE), two=claim("stock.py", "left = STOCK.get(item, 0)", title="Zero hides"))
    life = opened(model)
    assert len(life.said) == 2
    life.push({**HEAD, "stock.py": "# units\n" + STOCK}, is_full=True)
    assert (len(life.said), len(life.points)) == (2, 2)


def test_a_renamed_new_file_keeps_what_the_model_said_of_it():
    life = Life({}, model=raises(lost=claim("stock.py", QUOTE)))
    life.push({"stock.py": STOCK})
    life.model = raises()
    life.push({"depot.py": STOCK})
    assert (life.points[0].state, life.last.findings[0].path) == ("open", "depot.py")


def test_a_model_that_is_less_sure_now_takes_nothing_back():
    life = opened()
    life.policy = "min_confidence = 0.5"
    life.model = raises(lost=claim("stock.py", QUOTE, confidence=0.2))
    life.push({**HEAD, "stock.py": "# units\n" + STOCK}, is_full=True)
    assert (life.points[0].state, life.last.findings[0].confidence) == ("open", 0.9)
    assert len(life.said) == 1


def test_code_that_policy_keeps_from_the_model_leaves_its_points_stale():
    life = opened()
    life.policy = "llm = false"
    life.push(HEAD)
    assert (life.points[0].state, life.last.findings) == ("stale", ())
