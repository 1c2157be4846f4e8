"""What a finding advises follows what the code does with the answer."""

import pytest

from bot.rules import FilePair, ScanOptions, scan_pair

WHOLE = ScanOptions(whole=True)


def advice(body: str) -> str:
    code = f'import (\n\t"io"\n\t"net/http"\n)\n\nfunc load(url string, w io.Writer) error {{\n{body}\n}}\n'
    (finding,) = scan_pair(FilePair("load.go", None, None, code.encode()), WHOLE).findings
    return finding.body.partition("**Fix:**")[2]


@pytest.mark.parametrize(
    "passes_it_on",
    [
        "_, err = io.Copy(w, resp.Body); return err",
        "_, err = io.CopyBuffer(w, resp.Body, room); return err",
        "return resp.Body, nil",
        "go play(resp.Body); return nil",
    ],
)
def test_a_stream_is_not_advised_a_limit_that_would_cut_it(passes_it_on: str) -> None:
    said = advice(
        f"resp, err := http.Get(url); if err != nil {{ return err }}; defer resp.Body.Close(); {passes_it_on}"
    )
    assert "ResponseHeaderTimeout" in said
    assert "Timeout: 10" not in said


@pytest.mark.parametrize("reads_it", ["return resp.Body.Close()", "return json.NewDecoder(resp.Body).Decode(&all)"])
def test_an_answer_that_is_read_whole_is_advised_a_limit_on_all_of_it(reads_it: str) -> None:
    said = advice(f"resp, err := http.Get(url); if err != nil {{ return err }}; defer resp.Body.Close(); {reads_it}")
    assert "Timeout: 10 * time.Second" in said


@pytest.mark.parametrize(("call", "is_pause"), [("asyncio.sleep(0.5)", True), ("asyncio.open_connection(host)", False)])
def test_of_a_pause_that_nobody_awaits_it_is_said_that_there_is_none(call: str, is_pause: bool) -> None:
    code = f"import asyncio\n\nasync def wait(host, is_done):\n    while not is_done():\n        {call}\n"
    found = scan_pair(FilePair("shop/wait.py", None, None, code.encode()), WHOLE).findings
    (finding,) = (one for one in found if one.rule == "fire-and-forget/floating-promise-or-task")
    assert ("there is no pause here" in finding.body) == is_pause
