"""The stage itself: what happens on it is what happens in a worker."""

from pathlib import Path

from tests.life.stage import US, Stage

BASE = "import requests\n\n\ndef charge(order):\n    return 1\n"
HEAD = BASE.replace("return 1", "return requests.post(order.url)")


def test_a_push_that_mends_and_a_merge_reach_the_record(tmp_path: Path) -> None:
    stage = Stage(tmp_path, {"pay.py": BASE})
    try:
        stage.open({"pay.py": HEAD})
        assert [comment.user.login for comment in stage.pull.review_comments.values()] == [US]
        stage.push({"pay.py": HEAD.replace("url)", "url, timeout=3)")})
        assert stage.point("order.url").state == "fixed"
        stage.merge()
        assert list(stage.fates().values()) == ["fixed"]
    finally:
        stage.close()
