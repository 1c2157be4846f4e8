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
