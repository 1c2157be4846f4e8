import os
import subprocess

import pytest

from bot.domain import FileRef, PatchStatus, PolicyTexts
from bot.errors import NotFound, SourceError
from bot.source import LocalGit


@pytest.fixture
def branch(repository):
    """`main` with one commit more than where `topic` left it; HEAD is topic, one commit on."""
    repository.write("kept.py", "a\nb\nc\n")
    repository.write("moved.py", "".join(f"line {n}\n" for n in range(30)))
    repository.write("gone.py", "x\n")
    repository.write(".github/seawall.toml", 'mode = "gate"\n')
    repository.left_at = repository.commit()
    repository.git("checkout", "-q", "-b", "topic")
    repository.write("kept.py", "a\nB\nc\n")
    repository.write(".github/seawall.toml", 'mode = "shadow"\n')
    repository.head = repository.commit("Make b big")
    repository.git("checkout", "-q", "main")
    repository.write("elsewhere.py", "not ours\n")
    repository.commit()
    repository.git("checkout", "-q", "topic")
    return repository


def paths(source):
    return {patch.path: patch.status for patch in source.change().patches}


def head(path):
    return FileRef(path, "RIGHT")


def base(path):
    return FileRef(path, "LEFT")


def test_a_branch_is_compared_with_where_it_left_the_default_branch(branch):
    source = LocalGit(branch.root)
    change = source.change()
    assert (change.base_sha, change.head_sha) == (branch.left_at, branch.head)
    assert paths(source) == {"kept.py": PatchStatus.MODIFIED, ".github/seawall.toml": PatchStatus.MODIFIED}
    assert change.by_path["kept.py"].added() == {2}
    assert change.title == "Make b big"
    assert source.read([head("kept.py"), base("kept.py")]) == {
        head("kept.py"): b"a\nB\nc\n",
        base("kept.py"): b"a\nb\nc\n",
    }


def test_the_working_tree_counts_staged_unstaged_and_untracked_but_not_ignored(branch):
    branch.write(".gitignore", "*.log\n")
    branch.write("unstaged.log", "ignored")
    branch.write("deep/new.py", "1\n")
    branch.write("moved.py", (branch.root / "moved.py").read_text() + "more\n")
    branch.git("mv", "moved.py", "renamed.py")
    (branch.root / "gone.py").unlink()
    before = branch.git("status", "--porcelain")
    source = LocalGit(branch.root)
    assert paths(source) == {
        ".gitignore": PatchStatus.ADDED,
        ".github/seawall.toml": PatchStatus.MODIFIED,
        "deep/new.py": PatchStatus.ADDED,
        "gone.py": PatchStatus.REMOVED,
        "kept.py": PatchStatus.MODIFIED,
        "renamed.py": PatchStatus.RENAMED,
    }
    assert source.change().head_sha == f"{branch.head}-dirty"
    assert source.read([head("deep/new.py"), head("gone.py")]) == {head("deep/new.py"): b"1\n"}
    assert branch.git("status", "--porcelain") == before, "the repository itself is left as it was"


def test_a_named_head_leaves_the_working_tree_out(branch):
    branch.write("deep/new.py", "1\n")
    source = LocalGit(branch.root, base="main", head="topic")
    assert "deep/new.py" not in paths(source)
    assert source.change().head_sha == branch.head


def test_policy_is_the_base_s_never_the_head_s(branch):
    policy = LocalGit(branch.root).policy()
    assert policy == PolicyTexts(repository='mode = "gate"\n', repository_sha=branch.left_at)
    own = PolicyTexts(repository="llm = false")
    assert LocalGit(branch.root, policy=own).policy() == own


def test_on_the_default_branch_uncommitted_work_is_compared_with_the_last_commit(repository):
    repository.write("a.py", "1\n")
    first = repository.commit()
    repository.write("a.py", "2\n")
    change = LocalGit(repository.root).change()
    assert change.base_sha == first
    assert change.title == "Uncommitted changes"


def test_a_change_within_the_same_tick_of_the_clock_is_not_missed(repository, no_settings_of_this_machine):
    (no_settings_of_this_machine / ".gitconfig").write_text("[core]\n\ttrustctime = false\n\tcheckStat = minimal\n")
    tick = (1_700_000_000_000_000_000,) * 2
    os.utime(repository.write("a.py", "1\n"), ns=tick)
    repository.commit()
    os.utime(repository.root / ".git/index", ns=tick)
    os.utime(repository.write("a.py", "2\n"), ns=tick)
    assert paths(LocalGit(repository.root)) == {"a.py": PatchStatus.MODIFIED}


def test_on_a_clean_default_branch_the_last_commit_is_reviewed(repository):
    repository.write("a.py", "1\n")
    first = repository.commit()
    repository.write("b.py", "2\n")
    second = repository.commit()
    change = LocalGit(repository.root).change()
    assert (change.base_sha, change.head_sha) == (first, second)
    repository.git("checkout", "-q", "--detach")
    assert LocalGit(repository.root).change().base_sha == first


def test_a_fresh_branch_without_work_has_nothing_to_review(branch):
    branch.git("checkout", "-q", "-b", "fresh", "main")
    assert LocalGit(branch.root).change().patches == ()


def test_the_very_first_commit_is_compared_with_nothing(repository):
    repository.write("a.py", "1\n")
    repository.commit()
    assert paths(LocalGit(repository.root)) == {"a.py": PatchStatus.ADDED}


def test_the_remote_s_default_branch_wins_over_a_stale_local_one(branch, tmp_path):
    branch.git("branch", "trunk", "topic")
    branch.git("clone", "-q", "--branch", "trunk", str(branch.root), str(tmp_path / "clone"))
    branch.git("-C", str(tmp_path / "clone"), "remote", "set-head", "origin", "trunk")
    branch.git("-C", str(tmp_path / "clone"), "checkout", "-q", "-b", "mine")
    (tmp_path / "clone/new.py").write_text("1\n")
    source = LocalGit(tmp_path / "clone")
    assert paths(source) == {"new.py": PatchStatus.ADDED}


def test_a_folder_inside_the_repository_stands_for_the_whole_of_it(branch):
    branch.write("deep/new.py", "1\n")
    source = LocalGit(branch.root / "deep")
    assert {"deep/new.py", "kept.py"} <= paths(source).keys()
    assert source.root == branch.root


def test_a_linked_worktree_is_read_like_the_main_one(branch, tmp_path):
    branch.git("worktree", "add", "-q", str(tmp_path / "linked"), "-b", "other", "main")
    (tmp_path / "linked/kept.py").write_text("changed\n")
    assert paths(LocalGit(tmp_path / "linked")) == {"kept.py": PatchStatus.MODIFIED}


@pytest.mark.parametrize(
    "name", [b"sp ace.py", "é.py".encode(), b'q"uote.py', b"tab\there.py", b"new\nline.py", b"*.py"]
)
def test_files_of_any_name_are_listed_and_read(branch, name):
    branch.write(name, "1\n")
    source = LocalGit(branch.root)
    assert source.read([head(name.decode())]) == {head(name.decode()): b"1\n"}
    assert name.decode() in paths(source)


def test_a_name_that_is_not_utf8_can_be_read_by_what_the_change_calls_it(branch):
    branch.write(b"caf\xe9.py", "1\n")
    source = LocalGit(branch.root)
    assert r"caf\xe9.py" in paths(source)
    assert source.read([head(r"caf\xe9.py")]) == {head(r"caf\xe9.py"): b"1\n"}


def test_links_submodules_folders_and_paths_that_lead_out_are_not_read(branch, tmp_path):
    os.symlink("/etc/passwd", branch.root / "link.py")
    branch.git("init", "-q", "inner")
    branch.git("-C", "inner", "commit", "-q", "--allow-empty", "-m", "x")
    branch.git("-c", "advice.addEmbeddedRepo=false", "add", "inner")
    source = LocalGit(branch.root)
    by_path = source.change().by_path
    assert by_path["link.py"].is_symlink
    assert by_path["inner"].is_submodule
    asked = [
        "link.py",
        "inner",
        ".github",
        "../repository/kept.py",
        "/etc/passwd",
        "",
        ".",
        "no.py",
        "kept.py/",
        "a\0b",
    ]
    assert source.read([head(path) for path in asked]) == {}


def test_a_changed_mode_and_a_file_replaced_by_a_folder_are_told(branch):
    (branch.root / "kept.py").chmod(0o755)
    (branch.root / "gone.py").unlink()
    branch.write("gone.py/inside.py", "1\n")
    source = LocalGit(branch.root, base="HEAD")
    assert paths(source) == {
        "kept.py": PatchStatus.MODE_CHANGED,
        "gone.py": PatchStatus.REMOVED,
        "gone.py/inside.py": PatchStatus.ADDED,
    }


def test_crlf_counts_as_git_counts_it(branch):
    branch.write("crlf.py", b"a\r\nb\r\n")
    source = LocalGit(branch.root)
    assert source.read([head("crlf.py")])[head("crlf.py")] == b"a\r\nb\r\n"
    branch.git("config", "core.autocrlf", "true")
    branch.write("kept.py", b"a\r\nB\r\nc\r\nd\r\n")
    source = LocalGit(branch.root)
    assert source.change().by_path["kept.py"].added() == {2, 4}, "not the whole file"


def test_a_file_too_large_to_compare_is_listed_without_hunks_and_not_called_binary(branch):
    branch.write("big.py", b"x = 1\n" * 1000)
    branch.write("tracked.py", b"x = 1\n" * 1000)
    branch.git("add", "tracked.py")
    branch.write("image.dat", b"\0" * 5000)
    source = LocalGit(branch.root, max_file_bytes=1000)
    by_path = source.change().by_path
    assert (by_path["big.py"].is_complete, by_path["big.py"].is_binary) == (False, False)
    assert (by_path["tracked.py"].is_complete, by_path["tracked.py"].is_binary) == (False, False)
    assert by_path["image.dat"].is_binary
    assert len(source.read([head("big.py")])[head("big.py")]) == 1001
    assert len(source.read([head("tracked.py")])[head("tracked.py")]) == 1001


def test_a_change_too_large_as_a_whole_is_listed_to_the_last_file(branch):
    for n in range(40):
        branch.write(f"many/{n:02}.py", f"x = {n}\n" * 20)
    patches = LocalGit(branch.root, max_diff_bytes=2000).change().patches
    told = [patch.is_complete for patch in patches if patch.path.startswith("many/")]
    assert len(told) == 40
    assert (told[0], told[-1]) == (True, False)
    assert told == sorted(told, reverse=True)


def test_thousands_of_files_and_a_megabyte_in_one_line_are_read_in_one_go(branch):
    for n in range(3200):
        branch.write(f"many/{n}.py", f"x = {n % 10}\n")
    branch.write("long.py", b"x" * 1_000_000)
    source = LocalGit(branch.root)
    assert len(source.change().patches) == 3203
    asked = [head(f"many/{n}.py") for n in range(3200)]
    assert source.read(asked)[asked[77]] == b"x = 7\n"


def test_an_attribute_cannot_hide_code_from_the_review(branch):
    branch.write(".gitattributes", "*.py binary -diff linguist-generated\n")
    branch.write("kept.py", "a\nhidden\nc\n")
    assert LocalGit(branch.root).change().by_path["kept.py"].added() == {2}
    branch.commit()
    assert LocalGit(branch.root).change().by_path["kept.py"].added() == {2}


def test_nothing_the_repository_configures_is_run(branch, tmp_path):
    trap = tmp_path / "sprung"
    script = tmp_path / "trap.sh"
    script.write_text(f"#!/bin/sh\necho $0 $@ >> {trap}\ncat\n")
    script.chmod(0o755)
    for key in (
        "core.fsmonitor", "diff.external", "diff.evil.command", "diff.evil.textconv", "filter.evil.clean",
        "filter.evil.smudge", "filter.evil.process", "core.sshCommand", "core.pager", "core.editor", "pager.log",
        "core.gitProxy", "core.askPass", "credential.helper", "gpg.program", "remote.origin.uploadpack",
        "core.alternateRefsCommand", "uploadpack.packObjectsHook", "diff.tool", "log.showSignature",
    ):  # fmt: skip
        branch.git("config", key, "true" if key == "log.showSignature" else str(script))
    included = tmp_path / "included"
    included.write_text(f'[core]\n\tfsmonitor = {script}\n[filter "evil"]\n\trequired = true\n\tclean = {script}\n')
    branch.git("config", "include.path", str(included))
    branch.git("config", "remote.origin.url", f"ext::{script} x")
    branch.git("config", "remote.origin.promisor", "true")
    branch.git("config", "extensions.partialClone", "origin")
    hooks = branch.root / ".git/hooks"
    hooks.mkdir(exist_ok=True)
    for hook in ("post-index-change", "pre-commit", "fsmonitor-watchman", "reference-transaction", "post-checkout"):
        (hooks / hook).write_text(script.read_text())
        (hooks / hook).chmod(0o755)
    (branch.root / ".gitattributes").write_text("* filter=evil diff=evil\n")
    (branch.root / "kept.py").write_text("changed\n")
    (branch.root / "new.py").write_text("1\n")
    subprocess.run(["git", "diff"], cwd=branch.root, capture_output=True, timeout=30)
    assert trap.exists(), "git itself falls into it"
    trap.unlink()
    source = LocalGit(branch.root)
    assert {"kept.py", "new.py"} <= paths(source).keys()
    assert source.read([head("new.py")]) == {head("new.py"): b"1\n"}
    source.policy()
    with pytest.raises(NotFound):
        LocalGit(branch.root, base="0" * 39 + "1").change()
    assert not trap.exists(), trap.read_text()


def test_a_repository_that_claims_files_elsewhere_is_refused(branch, tmp_path):
    (tmp_path / "diary.txt").write_text("private\n")
    branch.git("config", "core.worktree", str(tmp_path))
    with pytest.raises(SourceError, match=r"core\.worktree"):
        LocalGit(branch.root)


def test_a_submodule_is_read_as_the_repository_it_is(branch, tmp_path):
    branch.git("clone", "-q", str(branch.root), str(tmp_path / "super"))
    branch.git("-C", str(tmp_path / "super"), "submodule", "add", "-q", str(branch.root), "sub")
    (tmp_path / "super/sub/new.py").write_text("1\n")
    source = LocalGit(tmp_path / "super/sub")
    assert source.root == tmp_path / "super/sub"
    assert "new.py" in paths(source)


def test_a_repository_of_sha256_objects_is_read(tmp_path, branch):
    branch.git("init", "-q", "--object-format=sha256", str(tmp_path / "new"))
    (tmp_path / "new/a.py").write_text("1\n")
    branch.git("-C", str(tmp_path / "new"), "add", ".")
    branch.git("-C", str(tmp_path / "new"), "commit", "-q", "-m", "x")
    (tmp_path / "new/a.py").write_text("2\n")
    source = LocalGit(tmp_path / "new")
    assert source.change().by_path["a.py"].added() == {1}
    assert len(source.change().base_sha) == 64


def test_variables_that_point_git_elsewhere_are_not_followed(branch, tmp_path, monkeypatch):
    for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY"):
        monkeypatch.setenv(name, str(tmp_path / "nowhere"))
    assert "kept.py" in paths(LocalGit(branch.root))


def test_a_folder_that_is_no_repository_says_so(tmp_path, monkeypatch):
    monkeypatch.setenv("GIT_CONFIG_COUNT", "0")
    with pytest.raises(NotFound, match="not a git repository"):
        LocalGit(tmp_path)
    with pytest.raises(NotFound, match="no folder"):
        LocalGit(tmp_path / "missing")


def test_an_unknown_revision_is_named(branch):
    with pytest.raises(NotFound, match="no-such-branch"):
        LocalGit(branch.root, base="no-such-branch").change()
    with pytest.raises(NotFound, match="--output=x"):
        LocalGit(branch.root, head="--output=x").change()


def test_a_repository_without_commits_says_what_to_do(repository):
    with pytest.raises(NotFound, match="no commits yet"):
        LocalGit(repository.root).change()


def test_a_bare_repository_needs_a_named_head(branch, tmp_path):
    branch.git("clone", "-q", "--bare", str(branch.root), str(tmp_path / "bare"))
    with pytest.raises(NotFound, match="--head"):
        LocalGit(tmp_path / "bare")
    assert "kept.py" in paths(LocalGit(tmp_path / "bare", base="main", head="topic"))


def test_a_clone_too_shallow_to_compare_says_how_to_deepen_it(branch, tmp_path):
    url = f"file://{branch.root}"
    branch.git("clone", "-q", "--depth=1", "--no-single-branch", url, str(tmp_path / "shallow"))
    with pytest.raises(SourceError, match="unshallow"):
        LocalGit(tmp_path / "shallow", base="origin/main", head="origin/topic").change()


def test_a_partial_clone_says_what_it_lacks_and_fetches_nothing(branch, tmp_path):
    branch.git("config", "uploadpack.allowFilter", "true")
    clone = tmp_path / "partial"
    branch.git("clone", "-q", "--filter=blob:none", "--no-checkout", f"file://{branch.root}", str(clone))
    with pytest.raises(SourceError, match="git fetch"):
        LocalGit(clone, base="origin/main", head="origin/topic").change()


def test_without_git_the_message_says_how_to_get_it(branch, monkeypatch):
    monkeypatch.setenv("PATH", "/nonexistent")
    with pytest.raises(SourceError, match="not installed"):
        LocalGit(branch.root)


def test_a_git_that_does_not_answer_is_given_up(branch, tmp_path, monkeypatch):
    (tmp_path / "git").write_text("#!/bin/sh\nexec sleep 60\n")
    (tmp_path / "git").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    with pytest.raises(SourceError, match="too long"):
        LocalGit(branch.root, deadline_s=0.2)


def test_a_conflict_under_way_is_read_as_it_lies_there(branch):
    branch.git("checkout", "-q", "-b", "rival", "main")
    branch.write("kept.py", "a\nrival\nc\n")
    branch.commit()
    with pytest.raises(AssertionError):
        branch.git("merge", "-q", "topic")
    source = LocalGit(branch.root, base="HEAD")
    assert b"<<<<<<< HEAD\nrival" in source.read([head("kept.py")])[head("kept.py")]


def test_what_was_put_aside_is_removed(branch, tmp_path, monkeypatch):
    aside = tmp_path / "aside"
    aside.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(aside))
    source = LocalGit(branch.root)
    source.change()
    assert list(aside.iterdir())
    source.close()
    assert not list(aside.iterdir())
    LocalGit(branch.root).change()
    assert not list(aside.iterdir()), "also when nobody closes it"


@pytest.mark.parametrize("is_detached", [False, True])
def test_of_a_clone_of_one_commit_not_all_it_holds_is_taken_for_its_change(branch, tmp_path, is_detached):
    """As CI fetches a branch unless told otherwise."""
    branch.git("checkout", "-q", "main")
    for depth in (1, 2):
        branch.git("clone", "-q", f"--depth={depth}", branch.root.as_uri(), str(tmp_path / f"deep{depth}"))
        if is_detached:
            branch.git("-C", str(tmp_path / f"deep{depth}"), "checkout", "-q", "--detach")
    with pytest.raises(SourceError, match=r"the commit before the head.*fetch-depth: 0"):
        LocalGit(tmp_path / "deep1").change()
    assert paths(LocalGit(tmp_path / "deep2")) == {"elsewhere.py": PatchStatus.ADDED}
    (tmp_path / "deep1" / "kept.py").write_text("a\n")
    assert paths(LocalGit(tmp_path / "deep1")) == {"kept.py": PatchStatus.MODIFIED}
