"""What no fault test may be, in each language. Nothing of it is ever run here."""

import pytest

from bot.review.proving.writing import proved
from tests.review.repositories import PROVED, Writer

REFUSED = {
    "pytest": [
        ("    assert not caller.is_alive()\n", "", "it asserts nothing"),
        ("assert not caller.is_alive()", "assert True", "it asserts nothing"),
        ("assert not caller.is_alive()", "# assert not caller.is_alive()", "it asserts nothing"),
        ('pay.charge("1")', 'pay.refund("1")', "it does not call charge"),
        ("from shop import pay\n", "pay = None\ndef charge(x): ...\n", "it does not import shop/pay.py"),
        ("import threading", "import threading, subprocess", "it runs or loads something"),
        ("    server.close()", "    __import__('o' + 's').system('ls')", "it runs something else"),
        ("    server.close()", "    import os\n    os.remove('/etc/hosts')", "it changes or deletes files"),
        ("    server.close()", "    open('x', 'w').close()", "it changes or deletes files"),
        ("    server.close()", "    import time; time.sleep(60)", "it sleeps for more than 5 s"),
        ("    server.close()", "    import time; time.sleep(how_long())", "it sleeps for"),
        ("timeout=5", "", "it has no deadline of its own"),
        (", daemon=True", "", "it starts a thread that is no daemon"),
        ("http://127.0.0.1:", "http://bank.example.com:", "it names a host that is not the loopback"),
        ('("127.0.0.1", 0)', '("10.1.2.3", 0)', "it names an address"),
        ('("127.0.0.1", 0)', '("0.0.0.0", 0)', "it names an address"),
        ('("127.0.0.1", 0)', '("127.0.0.1", 8080)', "it uses a port that may be taken"),
        ("import threading", "import threading\nimport respx", "it imports `respx`, which"),
        ("def test_charge_gives_up", "def charge_gives_up", "it is no test of pytest"),
        ("def test_charge", "@pytest.mark.skip\ndef test_charge", "it skips itself, or others"),
        ("def test_charge_gives_up(monkeypatch):", "def test_charge_gives_up(monkeypatch:", "it does not parse"),
        ('"1"', f'"ghp_{"a" * 36}"', "it holds what must not"),
        ("    server.close()", '    x = """\n/approve\n"""', "it holds what must not"),
        ("    server.close()", '    server.connect(("bank.example.com", 80))', "it names a host"),
        ("    server.close()", "    exec(open('x').read())", "it runs something else"),
        ("    server.close()", "    import re; re.compile('x')", ""),
        ("    server.close()", "    monkeypatch.setattr('shop.app', None)", ""),
        ("    server.close()", "    def sleep(seconds): ...", ""),
        ("    server.close()", "    import random; random.random()", "it depends on chance"),
        ("    server.close()", "    server.close()\n" * 150, "it is longer than 150 lines"),
    ],
    "go test": [
        ('"net"', '"net"\n\t"os/exec"', "it runs something else"),
        ('"net"', '"net"\n\t"github.com/other/thing"', "it imports `github.com/other/thing`"),
        ("127.0.0.1:0", ":0", "it listens on more than the loopback"),
        ("time.After(5 * time.Second)", "ended", "it has no deadline of its own"),
        ("defer server.Close()", "defer server.Close()\n\ttime.Sleep(2 * time.Minute)", "it sleeps for more than 5 s"),
        ("t.Fatal", "println", "it asserts nothing"),
        ("func TestChargeGivesUp(t *testing.T) {", "func TestChargeGivesUp(t *testing.T) {{", "it does not parse"),
    ],
    "Vitest": [
        ("server.close()", 'require("child_process").execSync("ls")', "it runs or loads something"),
        ("server.close()", "cluster.close(); vm.stop()", ""),
        ("server.close()", 'await import(`no${"de"}:fs`)', "it runs or loads something"),
        ('"./rates"', '"./cart"', "it does not import src/rates.ts"),
        ('from "vitest"', 'from "jest-mock"', "it imports `jest-mock`"),
        ("server.close()", "await new Promise((resolve) => setTimeout(resolve, 60000))", "it sleeps for more than 5 s"),
        ('test("rate', 'test.only("rate', "it skips itself, or others"),
        ('listen(0, "127.0.0.1")', "listen(3000)", "it uses a port that may be taken"),
        ('expect(await Promise.race([ended, late])).toBe', "console.log", "it asserts nothing"),
    ],
    "JUnit 5": [
        ("URL url", "repository.delete(order); URL url", ""),
        ("URL url", 'new java.io.File("x").delete(); URL url', "it changes or deletes files"),
        ("URL url", 'new ProcessBuilder("ls").start(); URL url', "it runs or loads something"),
        ("@Test\n", "@Test @Disabled\n", "it skips itself, or others"),
        ("import java.net.URL;", "import java.net.URL;\nimport org.mockito.Mockito;", "it imports `org.mock"),
        ("import java.net.URL;", "import java.net.URL;\nimport java.nio.file.Files;", ""),
    ],
    "xUnit": [
        ("server.Stop();", 'System.Diagnostics.Process.Start("ls");', "it runs or loads something"),
        ("server.Stop();", 'System.IO.File.Delete("x");', "it changes or deletes files"),
        ("using Xunit;", "using Xunit;\nusing Moq;", "it imports `Moq`"),
    ],
    "RSpec": [
        ("server.close", "`ls`", "it runs or loads something"),
        ("server.close", 'system("ls")', "it runs or loads something"),
        ("server.close", 'File.delete("x")', "it changes or deletes files"),
        ("server.close", "sleep 30", "it sleeps for more than 5 s"),
        ('require "timeout"', 'require "webmock/rspec"', "it imports `webmock/rspec`"),
    ],
    "cargo test": [
        ("let (tell", 'std::process::Command::new("ls").status().unwrap();\n    let (tell', "it runs or takes in"),
        ("let (tell", 'std::fs::remove_file("x").unwrap();\n    let (tell', "it changes or deletes files"),
        ("use std::thread;", "use std::thread;\nuse mockito::Server;", "it imports `mockito`"),
        ("let (tell", "thread::sleep(Duration::from_secs(90));\n    let (tell", "it sleeps for more than 5 s"),
        ("#[test]\n", "#[test]\n#[ignore]\n", "it skips itself, or others"),
    ],
}  # fmt: skip
CASES = [(framework, *case) for framework, cases in REFUSED.items() for case in cases]


@pytest.mark.parametrize(("framework", "old", "new", "why"), CASES)
def test_it_is_refused_with_its_reason(framework: str, old: str, new: str, why: str) -> None:
    repository, test, _ = PROVED[framework]
    assert old in test
    wrong = test.replace(old, new)
    found = proved(repository.desk(), repository.finding, Writer(wrong, wrong))
    if not why:
        assert found.proof is not None, found.none
        return
    assert found.none is not None
    assert f"first {why}" in found.none.reason
