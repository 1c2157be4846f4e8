"""The life of a finding: what one push after another makes of it. Never a wrong `fixed`, never a second comment."""

from bot.domain import Severity, Waiver
from bot.review.waivers import muting
from tests.review.lives import Life

BASE = """import requests


def charge(order):
    return 1


def refund(order):
    return 2
"""
HEAD = """import requests


def charge(order):
    reply = requests.post(order.url, json=order.body)
    return reply.json()


def refund(order):
    reply = requests.post(order.bank, json=order.sum)
    return reply.json()
"""
CHARGE = "reply = requests.post(order.url, json=order.body)"
REFUND = "reply = requests.post(order.bank, json=order.sum)"
MENDED = "reply = requests.post(order.url, json=order.body, timeout=3)"


def opened(head=HEAD, base=BASE, path="pay.py", **more):
    life = Life({path: base}, **more)
    life.push({path: head})
    return life


def test_what_is_new_is_said_once():
    life = opened()
    assert life.states() == {CHARGE: "open", REFUND: "open"}
    life.push({"pay.py": HEAD})
    assert len(life.said) == 2
    assert life.fixed == []


def test_a_fix_is_seen_and_the_rest_stands():
    life = opened()
    life.push({"pay.py": HEAD.replace(CHARGE, MENDED)})
    assert life.states() == {CHARGE: "fixed", REFUND: "open"}
    assert len(life.fixed) == 1
    assert len(life.said) == 2
    assert [finding.evidence.strip() for finding in life.last.findings] == [REFUND]


def test_lines_that_shift_change_nothing():
    life = opened()
    shifted = '"""Payments."""\n\n' + HEAD.replace(
        "import requests", "import os\nimport requests\n\nURL = os.environ['U']"
    )
    for context in (0, 1, 3, 50):
        life.push({"pay.py": shifted}, context=context)
    assert life.states() == {CHARGE: "open", REFUND: "open"}
    assert len(life.said) == 2


def test_reformatting_changes_nothing():
    life = opened()
    reformatted = HEAD.replace(
        CHARGE, "reply = requests.post(\n        order.url,  # theirs\n        json=order.body,\n    )"
    )
    life.push({"pay.py": reformatted})
    life.push({"pay.py": HEAD.replace("    ", "\t")})
    assert set(life.states().values()) == {"open"}
    assert len(life.said) == 2


def test_two_functions_that_change_places_change_nothing():
    life = opened()
    imports, charge, refund = HEAD.split("\n\n\n")
    life.push({"pay.py": "\n\n\n".join([imports, refund.rstrip(), charge + "\n"])})
    assert life.states() == {CHARGE: "open", REFUND: "open"}
    assert len(life.said) == 2


def test_a_function_that_takes_another_name_or_class_keeps_its_point():
    life = opened()
    life.push({"pay.py": HEAD.replace("def charge(", "def take(")})
    assert (life.states(), len(life.said)) == ({CHARGE: "open", REFUND: "open"}, 2)
    inside = HEAD.replace("def charge(order):", "class Till:\n  def charge(order):")
    life.push({"pay.py": inside})
    assert (life.states(), len(life.said)) == ({CHARGE: "open", REFUND: "open"}, 2)


def test_code_pulled_out_into_a_function_of_its_own_keeps_its_point():
    life = opened()
    pulled = (
        HEAD.replace("    " + CHARGE, "    reply = _post(order)")
        + f"\n\ndef _post(order):\n    {CHARGE}\n    return reply\n"
    )
    life.push({"pay.py": pulled})
    assert life.states() == {CHARGE: "open", REFUND: "open"}
    assert (len(life.said), life.fixed) == (2, [])


def test_a_renamed_file_keeps_its_points():
    life = opened()
    life.push({"bank.py": HEAD}, renames={"bank.py": "pay.py"})
    assert {point.finding.path for point in life.points} == {"bank.py"}
    assert (set(life.states().values()), len(life.said)) == ({"open"}, 2)
    life.push({"bank.py": HEAD.replace(CHARGE, MENDED)}, renames={"bank.py": "pay.py"})
    assert life.states() == {CHARGE: "fixed", REFUND: "open"}


def test_a_file_that_the_pull_request_brought_and_renamed_keeps_its_points():
    life = Life({})
    life.push({"pay.py": HEAD})
    life.push({"bank.py": HEAD.replace(CHARGE, MENDED)})
    assert life.states() == {CHARGE: "fixed", REFUND: "open"}
    assert len(life.said) == 2


TWICE = """import requests


def charge(order):
    requests.post(order.url, json=order.body)
    log(order)
    requests.post(order.url, json=order.body)
    return order
"""
EQUAL = "requests.post(order.url, json=order.body)"


def mended(text, which):
    """The first (0) or second (1) of two equal calls with a timeout."""
    parts = text.split(EQUAL)
    joints = [EQUAL, EQUAL]
    joints[which] = EQUAL[:-1] + ", timeout=3)"
    return parts[0] + joints[0] + parts[1] + joints[1] + parts[2]


def test_of_two_equal_findings_the_right_one_is_fixed():
    for which in (0, 1):
        life = opened(TWICE)
        first, second = sorted(life.points, key=lambda point: point.finding.start_line)
        life.push({"pay.py": mended(TWICE, which)})
        by_name = {point.fingerprint: point for point in life.points}
        right, other = (first, second) if which == 0 else (second, first)
        assert by_name[right.fingerprint].state == "fixed", which
        assert by_name[other.fingerprint].state == "open", which
        assert by_name[other.fingerprint].finding.start_line == other.finding.start_line
        assert len(life.said) == 2
        life.push({"pay.py": TWICE.replace(EQUAL, EQUAL[:-1] + ", timeout=3)")})
        assert {point.state for point in life.points} == {"fixed"}
        assert len(life.said) == 2


def test_of_two_equal_lines_side_by_side_nobody_says_which_is_gone():
    beside = TWICE.replace("    log(order)\n", "")
    life = opened(beside)
    life.push({"pay.py": beside.replace(f"    {EQUAL}\n", "", 1)})
    assert [point.state for point in life.points] == ["open", "open"]
    assert (len(life.said), len(life.last.findings)) == (2, 1)


def test_an_equal_that_comes_later_is_a_point_of_its_own():
    once = TWICE.replace(f"    {EQUAL}\n    log(order)\n", "    log(order)\n")
    life = opened(once)
    life.push({"pay.py": TWICE})
    assert len({point.fingerprint for point in life.points}) == 2
    assert len(life.said) == 2
    life.push({"pay.py": mended(TWICE, 0)})
    assert sorted(point.state for point in life.points) == ["fixed", "open"]
    assert len(life.said) == 2


def test_a_fix_that_is_taken_back_is_said_once_more():
    life = opened()
    life.push({"pay.py": HEAD.replace(CHARGE, MENDED)})
    life.push({"pay.py": HEAD})
    assert life.states() == {CHARGE: "open", REFUND: "open"}
    assert [finding.evidence.strip() for finding in life.said[2:]] == [CHARGE]
    life.push({"pay.py": HEAD})
    assert len(life.said) == 3


def test_code_that_the_base_has_too_is_stale_and_not_fixed():
    life = opened()
    life.push({"pay.py": HEAD + "\n\nLIMIT = 3\n"}, base={"pay.py": HEAD})
    assert life.states() == {CHARGE: "stale", REFUND: "stale"}
    assert (life.fixed, life.last.findings) == ([], ())
    life.push({"pay.py": HEAD, "x.py": "x = 1\n"})
    assert life.fixed == []


def test_a_deleted_file_and_a_deleted_function_are_stale_and_not_fixed():
    life = opened()
    life.push({"pay.py": HEAD[: HEAD.index("def refund")]})
    assert life.states() == {CHARGE: "open", REFUND: "stale"}
    life.push({})
    assert life.states() == {CHARGE: "stale", REFUND: "stale"}
    assert life.fixed == []


def test_a_broken_file_proves_nothing():
    life = opened()
    life.push({"pay.py": HEAD.replace(CHARGE, "reply = requests.post(order.url, json=")})
    assert life.states()[CHARGE] == "open"
    assert life.fixed == []
    assert any(finding.fingerprint == life.points[0].fingerprint for finding in life.last.findings)


def test_other_names_prove_nothing():
    life = opened()
    renamed = HEAD.replace(CHARGE, "reply = client.post(order.url, json=order.body)")
    life.push({"pay.py": renamed})
    assert life.states()[CHARGE] == "open"
    assert (life.fixed, len(life.said)) == ([], 2)


def test_a_call_that_went_behind_another_proves_nothing():
    life = opened()
    life.push({"pay.py": HEAD.replace(CHARGE, "reply = post_once(order)")})
    assert life.states()[CHARGE] == "open"
    assert life.fixed == []


def test_a_new_defect_beside_a_mended_one_is_said():
    life = opened()
    both = HEAD.replace(CHARGE, MENDED + "\n    other = requests.put(order.ledger, json=order.body)")
    life.push({"pay.py": both})
    assert life.states()[CHARGE] == "fixed"
    assert len(life.said) == 3


def test_a_comment_that_silences_dismisses_and_is_registered():
    life = opened()
    silenced = HEAD.replace(
        CHARGE, CHARGE + "  # seawall: ignore[missing-timeout] the gateway bounds it until=2027-01-31"
    )
    life.push({"pay.py": silenced})
    assert life.states()[CHARGE] == "dismissed"
    (waiver,) = life.waivers
    assert (waiver.kind, waiver.owner, waiver.reason) == ("inline", "dana", "the gateway bounds it")
    assert waiver.expires_at.startswith("2027-02-01")
    life.push({"pay.py": silenced + "\n\nLIMIT = 3\n"})
    assert len(life.waivers) == 1
    life.push({"pay.py": HEAD})
    assert life.states()[CHARGE] == "open"
    assert (life.waivers, life.fixed) == ([], [])
    assert len(life.said) == 2


def test_a_dismissed_point_is_raised_again_only_when_its_code_changes():
    life = opened()
    life.dismiss(life.points[0])
    life.push({"pay.py": "# moved\n" + HEAD})
    assert life.states() == {CHARGE: "dismissed", REFUND: "open"}
    assert [finding.evidence.strip() for finding in life.last.findings] == [REFUND]
    life.push(
        {
            "pay.py": HEAD.replace("return 2", "return 3").replace(
                "    reply = requests.post(order.bank", "    # b\n    reply = requests.post(order.bank"
            )
        }
    )
    assert (life.states()[CHARGE], len(life.said)) == ("dismissed", 2)
    life.push({"pay.py": HEAD.replace(CHARGE, CHARGE + "\n    audit(order)")})
    assert (life.states()[CHARGE], len(life.said)) == ("open", 3)


def test_a_disputed_point_is_not_said_again_and_still_weighs():
    life = opened()
    life.points = tuple(point.model_copy(update={"state": "disputed"}) for point in life.points)
    life.push({"pay.py": "# moved\n" + HEAD})
    assert set(life.states().values()) == {"disputed"}
    assert (len(life.said), len(life.last.findings)) == (2, 2)
    life.push({"pay.py": HEAD.replace(CHARGE, MENDED)})
    assert life.states()[CHARGE] == "fixed"


def test_a_rule_that_policy_switches_off_leaves_its_points_stale():
    life = opened()
    life.policy = 'rules_off = ["missing-timeout"]'
    life.push({"pay.py": HEAD})
    assert set(life.states().values()) == {"stale"}
    assert (life.fixed, life.last.findings) == ([], ())
    life.policy = ""
    life.push({"pay.py": HEAD})
    assert set(life.states().values()) == {"open"}
    assert len(life.said) == 2


def test_a_muted_rule_is_counted_and_not_said():
    life = Life({"pay.py": BASE})
    life.waivers = [
        Waiver(id="w-1", kind="muted", repository_id=1, rule="missing-timeout", owner="dana", at="2026-09-01")
    ]
    life.push({"pay.py": HEAD})
    assert (life.said, life.points) == ([], ())
    assert [one.reason for one in life.last.dropped] == ["muted", "muted"]


def test_a_function_taken_out_and_put_back_elsewhere_is_not_said_again():
    life = opened()
    without = HEAD[: HEAD.index("def refund")]
    life.push({"pay.py": without})
    life.push({"pay.py": without, "bank.py": "import requests\n\n\n" + HEAD[HEAD.index("def refund") :]})
    assert (life.states(), len(life.said)) == ({CHARGE: "open", REFUND: "open"}, 2)


def test_a_rule_that_muted_itself_still_says_what_is_critical():
    own = Waiver(id="w-1", kind="muted", repository_id=1, rule="missing-timeout", owner="seawall", at="2026-09-01")
    finding = opened().points[0].finding
    assert muting(finding, [own], 7) == own
    assert muting(finding.model_copy(update={"severity": Severity.CRITICAL}), [own], 7) is None
    assert muting(finding, [own.model_copy(update={"number": 8})], 7) is None
    assert muting(finding, [own.model_copy(update={"path": "docs/**"})], 7) is None


def test_a_dismissal_on_another_pull_request_holds_for_the_very_same_code():
    first = opened()
    first.dismiss(first.points[0])
    second = Life({"pay.py": BASE})
    second.waivers = [waiver.model_copy(update={"number": 6}) for waiver in first.waivers]
    second.push({"pay.py": HEAD})
    assert [finding.evidence.strip() for finding in second.said] == [REFUND]
    changed = Life({"pay.py": BASE})
    changed.waivers = second.waivers
    changed.push({"pay.py": HEAD.replace(CHARGE, "audit(order)\n    " + CHARGE)})
    assert len(changed.said) == 2


def test_a_function_moved_to_another_file_keeps_its_point():
    life = opened()
    kept, moved = HEAD[: HEAD.index("def refund")], HEAD[HEAD.index("def refund") :]
    life.push({"pay.py": kept + "LIMIT = 3\n", "bank.py": "import requests\n\n\n" + moved})
    assert (life.states(), len(life.said), life.fixed) == ({CHARGE: "open", REFUND: "open"}, 2, [])


def test_a_call_of_which_nothing_is_known_any_more_proves_nothing():
    life = opened()
    life.push({"pay.py": HEAD.replace("import requests", "import bank as requests").replace(CHARGE, MENDED)})
    assert life.states() == {CHARGE: "open", REFUND: "open"}
    assert life.fixed == []


RETRY = """import time

import requests


def load(url):
    while True:
        try:
            return requests.get(url, timeout=3)
        except requests.RequestException:
            time.sleep(1)
"""


def test_a_loop_is_fixed_by_what_it_holds_now_and_not_by_what_left_it():
    loop = "while True:"
    bounded = RETRY.replace(loop, "for attempt in range(5):")
    life = opened(RETRY, "import time\n")
    life.push({"pay.py": bounded})
    assert life.states()[loop] == "fixed"
    life = opened(RETRY, "import time\n")
    life.push({"pay.py": RETRY.replace("return requests.get(url, timeout=3)", "return once(url)")})
    assert life.states()[loop] == "open"
