"""A model's words are posted plain and short, or not at all."""

import pytest

from bot.review.words import MOST_WORDS, in_plain_words, says_when

GOOD = "When the bank hangs, `charge` hangs with it (see e.g. `pay`). Pass `timeout=3`."


def test_good_words_stay_as_they_are():
    assert in_plain_words("Hangs", GOOD) == GOOD


@pytest.mark.parametrize(
    ("said", "plain"),
    [
        ("Consider adding a timeout of 3.5 s.", "Fix: adding a timeout of 3.5 s."),
        ("You might want to take the lock first.", "Take the lock first."),
        ("It would be better to close the body.", "Close the body."),
        ("I would recommend using one client.", "Fix: using one client."),
        ("Nice work! ", ""),
        ("Great, this is clean.", ""),
        ("This change adds a retry around `post`.", ""),
        ("Should this be bounded?", ""),
        ("Overall the code is fine.", ""),
        ("Great Britain's zone is wrong.", "Great Britain's zone is wrong."),
        ("Good responses are dropped too.", "Good responses are dropped too."),
    ],
)
def test_courtesy_and_hedges_go_and_nothing_is_garbled(said, plain):
    assert in_plain_words("Title", f"{said} {GOOD}") == f"{plain} {GOOD}".strip()


def test_code_is_not_taken_for_sentences():
    body = "When it fails, `a. B?` breaks.\n\n```python\nx = 1.\nConsider(y)?\n```"
    assert in_plain_words("Title", body) == body


def test_a_list_keeps_its_form():
    assert in_plain_words("Title", "When full:\n\n- Consider dropping the oldest\n- count it") == (
        "When full:\n\n- Fix: dropping the oldest\n- count it"
    )


def test_of_too_many_words_the_first_and_the_fix_are_kept_whole():
    sentences = [f"When {number} comes, one two three four five six seven eight." for number in range(30)]
    plain = in_plain_words("Title", " ".join([*sentences, "Close it."]))
    assert plain.startswith("When 0 comes")
    assert plain.endswith("eight. Close it.")
    assert len(plain.split()) < MOST_WORDS


def test_one_endless_sentence_gives_way_to_the_title():
    assert in_plain_words("retries double the order", "word " * 300) == "Retries double the order."


def test_where_only_courtesy_was_said_title_and_failure_speak():
    assert in_plain_words("Hangs for ever", "Nice!", "The bank never answers and `pay` waits") == (
        "The bank never answers and `pay` waits."
    )


def test_the_failure_is_said_where_the_words_name_no_occasion():
    assert in_plain_words("T", "It hangs. Pass a timeout.", "The bank is slow, so `pay` waits for ever.") == (
        "The bank is slow, so `pay` waits for ever. It hangs. Pass a timeout."
    )
    assert in_plain_words("T", GOOD, "The bank is slow.") == GOOD


def test_an_occasion_in_code_is_none():
    assert says_when("After a restart it hangs.")
    assert not says_when("`if x` hangs.")


def test_line_ends_inside_a_paragraph_are_no_new_sentences():
    assert in_plain_words("T", "When it is slow,\nit hangs. Bound\nit.") == "When it is slow,\nit hangs. Bound\nit."
