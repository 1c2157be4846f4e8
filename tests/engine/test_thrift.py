"""What is left out of memory changes nothing for who would use it."""

import subprocess
import sys

ANSWER = """
import io, sys
{first}
import requests
answer = requests.Response()
answer.raw = io.BytesIO("größer".encode())
assert answer.text == "größer", answer.text
print("charset_normalizer.api" in sys.modules)
"""


def _guesser_is_loaded(first: str) -> bool:
    command = [sys.executable, "-W", "error", "-c", ANSWER.format(first=first)]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout.strip() == "True"


def test_an_answer_that_names_no_encoding_is_utf8_and_nothing_is_loaded_to_guess_it() -> None:
    early = "from bot.engine.thrift import take_text_for_utf8; take_text_for_utf8()"
    assert not _guesser_is_loaded(early)


def test_where_requests_is_there_already_it_keeps_what_it_has() -> None:
    assert _guesser_is_loaded("import requests; from bot.engine.thrift import take_text_for_utf8; take_text_for_utf8()")
