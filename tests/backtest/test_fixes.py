"""What became of a finding in later commits."""

from bot.backtest.report import Said
from tests.backtest.conftest import RULE, Story, pay

BAD = pay("url")


def fate(story: Story) -> Said:
    """Of the first finding of this history."""
    return story.tried(fixes=True).said[-1]


def test_a_finding_that_a_later_commit_mended_is_told_with_its_message_and_the_time_it_took(story: Story) -> None:
    story.write("pay.py", BAD)
    story.commit("Pay at leisure")
    story.commit("Nothing")
    story.write("pay.py", pay("url, timeout=5"))
    sha = story.commit("Do not wait for ever")
    said = fate(story)
    assert said.fate == "fixed"
    assert said.fix is not None
    assert (said.fix.sha, said.fix.title, said.fix.days) == (sha, "Do not wait for ever", 2.0)


def test_what_is_still_there_stands_though_the_file_went_on(story: Story) -> None:
    story.write("pay.py", BAD)
    story.commit("Pay at leisure")
    story.write("pay.py", f"# More\n{BAD}")
    story.commit("More")
    assert fate(story).fate == "standing"


def test_a_finding_is_followed_through_a_rename_to_its_fix(story: Story) -> None:
    story.write("pay.py", BAD + "# long enough to be known again\n" * 5)
    story.commit("Pay at leisure")
    story.git("mv", "pay.py", "payments.py")
    story.commit("Rename")
    story.write("payments.py", pay() + "# long enough to be known again\n" * 5)
    story.commit("Mend")
    said = fate(story)
    assert said.fix is not None
    assert said.fix.title == "Mend"


def test_a_deleted_file_is_no_fix(story: Story) -> None:
    story.write("pay.py", BAD)
    story.commit("Pay at leisure")
    story.git("rm", "-q", "pay.py")
    story.commit("Pay no more")
    story.write("pay.py", pay())
    story.commit("Pay again")
    assert fate(story).fate == "deleted"


def test_a_function_that_is_gone_is_no_fix(story: Story) -> None:
    story.write("pay.py", BAD)
    story.commit("Pay at leisure")
    story.write("pay.py", "LIMIT = 3\n")
    story.commit("Pay no more")
    assert fate(story).fate == "rewritten"


def test_a_call_in_other_words_still_stands_and_can_be_mended_later(story: Story) -> None:
    story.write("pay.py", BAD)
    story.commit("Pay at leisure")
    story.write("pay.py", pay("url, data={}"))
    story.commit("Send something")
    assert fate(story).fate == "standing"
    story.write("pay.py", pay("url, data={}, timeout=2"))
    story.commit("Mend")
    said = fate(story)
    assert said.fix is not None
    assert said.fix.title == "Mend"


def test_a_call_that_moved_to_another_function_still_stands(story: Story) -> None:
    story.write("pay.py", BAD)
    story.commit("Pay at leisure")
    story.write("pay.py", pay("url", name="settle"))
    story.commit("Rename the function")
    assert fate(story).fate == "standing"


def test_a_comment_that_silences_is_no_fix(story: Story) -> None:
    story.write("pay.py", BAD)
    story.commit("Pay at leisure")
    story.write("pay.py", BAD.replace("    return", f"    # seawall: ignore[{RULE}] the caller waits\n    return"))
    story.commit("Be quiet")
    assert fate(story).fate == "silenced"


def test_a_change_far_away_in_the_file_does_not_count_as_a_fix(story: Story) -> None:
    far = "\n".join(f"N{number} = {number}" for number in range(40))
    body = "def pay(url):\n    return get(url)\n"
    story.write("pay.py", f"from os import getenv as get\n{far}\n{body}")
    story.commit("Nothing wrong yet")
    story.write("pay.py", f"from requests import get\n{far}\n{body}\n# now by the network\n")
    story.commit("By the network")
    story.write("pay.py", f"from os import getenv as get\n{far}\n{body}\n# now by the network\n")
    story.commit("Back again")
    assert fate(story).fate == "rewritten"


def test_the_newest_change_of_all_can_be_the_fix_of_a_merge(story: Story) -> None:
    for number, content in enumerate((BAD, pay("url, timeout=9"))):
        story.git("checkout", "-q", "-b", f"work-{number}")
        story.write("pay.py", content)
        story.commit("Work")
        story.git("checkout", "-q", "main")
        if number == 0:
            story.git("merge", "-q", "--no-ff", "-m", "Merge pull request #1 from a/b\n\nPay", "-")
    story.write("pay.py", pay("url, timeout=9"))
    story.commit("Straight to main")
    report = story.tried(fixes=True, which="merges")
    assert [said.fix.title for said in report.said if said.fix] == ["Straight to main"]
    assert len(report.commits) == 1
