"""What people do to pull requests: open, push, edit, retarget, close, mark ready, ask for a review."""

from collections.abc import Sequence

from bot.demo.standin.patches import moved_line
from bot.demo.standin.records import Account, Happening, Label, PullRequest, Repository, Review, ReviewComment
from bot.demo.standin.refusals import invalid, not_found
from bot.demo.standin.world import World


def open_pull_request(
    world: World,
    repository: Repository,
    base_ref: str,
    head_ref: str,
    title: str,
    body: str,
    author: str,
    is_draft: bool = False,
    labels: Sequence[str] = (),
) -> PullRequest:
    """A new pull request from one branch (or any revision) to another; 422 where they do not differ."""
    base_sha, head_sha = _commit(repository, base_ref), _commit(repository, head_ref)
    if not repository.git.between(base_sha, head_sha):
        raise invalid("PullRequest", "head", "custom", f"No commits between {base_ref} and {head_ref}")
    now = world.clock()
    pull = PullRequest(
        id=world.next_id(),
        number=repository.next_number,
        author=world.account(author),
        title=title,
        body=body,
        base_ref=base_ref,
        base_sha=base_sha,
        head_ref=head_ref,
        head_sha=head_sha,
        created_at=now,
        updated_at=now,
        is_draft=is_draft,
        labels=[Label(world.next_id(), name) for name in labels],
    )
    repository.pulls[pull.number] = pull
    repository.collaborators.setdefault(author, "write")
    return pull


def push(world: World, repository: Repository, pull: PullRequest, new_head: str) -> str:
    """Moves the head; comments keep their lines where those still stand. Gives the former head."""
    before, after = pull.head_sha, _commit(repository, new_head)
    pull.base_sha = repository.git.resolve(pull.base_ref) or pull.base_sha
    pull.head_sha, pull.updated_at = after, world.clock()
    if repository.git.merge_base(before, after) != before:
        _happens(world, pull, "head_ref_force_pushed", pull.author)
    changes = repository.git.changes(pull.base_sha, after)
    for comment in pull.review_comments.values():
        _follow(repository, comment, before, after)
        shown = next((change for change in changes if change.path == comment.path), None)
        line = shown.line_at(comment.line, comment.side) if shown and comment.line else None
        comment.position = line.position if line else None
        if line is None:
            comment.line = comment.start_line = None
        else:
            comment.commit_id = after
    return before


def retarget(world: World, repository: Repository, pull: PullRequest, base_ref: str) -> tuple[str, str]:
    """Changes the base branch. Gives the former branch and its commit."""
    former = pull.base_ref, pull.base_sha
    pull.base_ref, pull.base_sha, pull.updated_at = base_ref, _commit(repository, base_ref), world.clock()
    _happens(world, pull, "base_ref_changed", pull.author)
    return former


def close(world: World, pull: PullRequest, merged_by: str = "") -> None:
    pull.is_open = False
    pull.closed_at = pull.updated_at = world.clock()
    actor = world.account(merged_by) if merged_by else pull.author
    if merged_by:
        pull.merged_at, pull.merged_by = pull.closed_at, actor
        _happens(world, pull, "merged", actor)
    _happens(world, pull, "closed", actor)


def reopen(world: World, pull: PullRequest) -> None:
    if pull.is_merged:
        raise invalid("PullRequest", "state", "custom", "a merged pull request cannot be reopened")
    pull.is_open, pull.closed_at = True, None
    _happens(world, pull, "reopened", pull.author)


def mark_draft(world: World, pull: PullRequest, is_draft: bool) -> None:
    """Marks it as a draft, or as ready for review."""
    pull.is_draft = is_draft
    _happens(world, pull, "convert_to_draft" if is_draft else "ready_for_review", pull.author)


def ask_for_review(world: World, pull: PullRequest, reviewer: Account, is_asked: bool = True) -> None:
    """The author asks somebody for a review, or asks no longer."""
    event = "review_requested" if is_asked else "review_request_removed"
    _happens(world, pull, event, pull.author).reviewer = reviewer


def dismissed(world: World, pull: PullRequest, review: Review, former_state: str, by: Account) -> None:
    """Notes that a review counts no longer."""
    happening = _happens(world, pull, "review_dismissed", by)
    happening.review, happening.former_state = review, former_state


def _happens(world: World, pull: PullRequest, event: str, actor: Account) -> Happening:
    pull.updated_at = world.clock()
    pull.happenings.append(Happening(world.next_id(), event, pull.updated_at, actor))
    return pull.happenings[-1]


def _follow(repository: Repository, comment: ReviewComment, before: str, after: str) -> None:
    """Moves a comment on the head's side with its lines."""
    if comment.side == "LEFT" or comment.line is None:
        return
    bare_diff = repository.git.lines_kept(before, after, comment.path)
    comment.line = moved_line(comment.line, bare_diff)
    if comment.start_line is not None and comment.start_side == "RIGHT":
        comment.start_line = moved_line(comment.start_line, bare_diff)


def _commit(repository: Repository, revision: str) -> str:
    sha = repository.git.resolve(revision)
    if sha is None:
        raise not_found()
    return sha
