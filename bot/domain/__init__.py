"""The records and protocols that every room shares: the project's vocabulary.

Records that cross a process, a queue or a file are frozen pydantic models (`Record`); what lives and dies inside one
process (a diff's lines) is a plain frozen dataclass.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.domain.change import Change, FileRef, Hunk, Line, LineOp, Patch, PatchStatus, Side
    from bot.domain.conversation import (
        Answer,
        Button,
        Buttons,
        CancelReviews,
        Code,
        CommandGiven,
        Facts,
        Part,
        Person,
        Place,
        Reply,
        ReplyNoted,
        ReplyState,
        StartReview,
        Table,
        ThreadNoted,
        Transport,
        Want,
        Words,
    )
    from bot.domain.finding import (
        Coverage,
        Dropped,
        Finding,
        HeldBack,
        ModelUse,
        Receipt,
        Refuted,
        Result,
        Review,
        ReviewedFiles,
        Severity,
        SkippedFile,
        Suggestion,
    )
    from bot.domain.jobs import (
        CheckRerequested,
        Delivery,
        InstallationChanged,
        Job,
        MergeGroupQueued,
        PullRequestNoted,
        RepositoryChanged,
        ReviewWanted,
        TimelineNoted,
    )
    from bot.domain.life import (
        Evidence,
        EvidenceKind,
        Fate,
        Guidance,
        Incident,
        IncidentVerdict,
        Point,
        PointState,
        RuleRecord,
        Waiver,
        WaiverKind,
    )
    from bot.domain.marker import is_marked, marker_of
    from bot.domain.model_calls import (
        Amounts,
        AnswerRecord,
        CallOutcome,
        CapName,
        Caps,
        CostAccount,
        Hold,
        ModelCall,
        Occasion,
        RememberedAnswer,
        Spending,
    )
    from bot.domain.posture import (
        CallSite,
        Dependency,
        PostureChange,
        PostureMap,
        PostureOnRecord,
        Protection,
        ProtectionChange,
        Protections,
    )
    from bot.domain.profile import Afforded, Challenge, Doubt, ModelDoubts, Profile
    from bot.domain.protocols import (
        Ask,
        Candidate,
        CheckDraft,
        Comment,
        FoundFolder,
        FoundText,
        Model,
        ModelAnswer,
        ModelText,
        PolicyTexts,
        Posted,
        Publisher,
        ReviewDraft,
        ReviewEnd,
        Source,
        Standing,
        Step,
        Threads,
        plain_step,
    )
    from bot.domain.pull_request import PullRequest, Repository
    from bot.domain.record import Record
    from bot.domain.rule_draft import DraftedRule, RuleDraft
    from bot.domain.timeline import TimelineEvent, WeekRows

__all__ = [
    "Afforded",
    "Amounts",
    "Answer",
    "AnswerRecord",
    "Ask",
    "Button",
    "Buttons",
    "CallOutcome",
    "CallSite",
    "CancelReviews",
    "Candidate",
    "CapName",
    "Caps",
    "Challenge",
    "Change",
    "CheckDraft",
    "CheckRerequested",
    "Code",
    "CommandGiven",
    "Comment",
    "CostAccount",
    "Coverage",
    "Delivery",
    "Dependency",
    "Doubt",
    "DraftedRule",
    "Dropped",
    "Evidence",
    "EvidenceKind",
    "Facts",
    "Fate",
    "FileRef",
    "Finding",
    "FoundFolder",
    "FoundText",
    "Guidance",
    "HeldBack",
    "Hold",
    "Hunk",
    "Incident",
    "IncidentVerdict",
    "InstallationChanged",
    "Job",
    "Line",
    "LineOp",
    "MergeGroupQueued",
    "Model",
    "ModelAnswer",
    "ModelCall",
    "ModelDoubts",
    "ModelText",
    "ModelUse",
    "Occasion",
    "Part",
    "Patch",
    "PatchStatus",
    "Person",
    "Place",
    "Point",
    "PointState",
    "PolicyTexts",
    "Posted",
    "PostureChange",
    "PostureMap",
    "PostureOnRecord",
    "Profile",
    "Protection",
    "ProtectionChange",
    "Protections",
    "Publisher",
    "PullRequest",
    "PullRequestNoted",
    "Receipt",
    "Record",
    "Refuted",
    "RememberedAnswer",
    "Reply",
    "ReplyNoted",
    "ReplyState",
    "Repository",
    "RepositoryChanged",
    "Result",
    "Review",
    "ReviewDraft",
    "ReviewEnd",
    "ReviewWanted",
    "ReviewedFiles",
    "RuleDraft",
    "RuleRecord",
    "Severity",
    "Side",
    "SkippedFile",
    "Source",
    "Spending",
    "Standing",
    "StartReview",
    "Step",
    "Suggestion",
    "Table",
    "ThreadNoted",
    "Threads",
    "TimelineEvent",
    "TimelineNoted",
    "Transport",
    "Waiver",
    "WaiverKind",
    "Want",
    "WeekRows",
    "Words",
    "is_marked",
    "marker_of",
    "plain_step",
]
_FILES = {
    "change": "Change FileRef Hunk Line LineOp Patch PatchStatus Side",
    "conversation": (
        "Answer Button Buttons CancelReviews Code CommandGiven Facts Part Person Place Reply "
        "ReplyNoted ReplyState StartReview Table ThreadNoted Transport Want Words"
    ),
    "finding": (
        "Coverage Dropped Finding HeldBack ModelUse Receipt Result Review ReviewedFiles Refuted Severity SkippedFile "
        "Suggestion"
    ),
    "jobs": (
        "CheckRerequested Delivery InstallationChanged Job MergeGroupQueued PullRequestNoted "
        "RepositoryChanged ReviewWanted TimelineNoted"
    ),
    "life": (
        "Evidence EvidenceKind Fate Guidance Incident IncidentVerdict Point PointState RuleRecord Waiver WaiverKind"
    ),
    "marker": "is_marked marker_of",
    "model_calls": (
        "Amounts AnswerRecord CallOutcome CapName Caps CostAccount Hold ModelCall Occasion RememberedAnswer Spending"
    ),
    "posture": ("CallSite Dependency PostureChange PostureMap PostureOnRecord Protection ProtectionChange Protections"),
    "profile": "Afforded Challenge Doubt ModelDoubts Profile",
    "protocols": (
        "Ask Candidate CheckDraft Comment FoundFolder FoundText Model ModelAnswer ModelText PolicyTexts "
        "Posted Publisher ReviewDraft ReviewEnd Source Standing Step Threads plain_step"
    ),
    "pull_request": "PullRequest Repository",
    "record": "Record",
    "rule_draft": "DraftedRule RuleDraft",
    "timeline": "TimelineEvent WeekRows",
}
"""File → the names it holds."""
_FILE_OF = {name: file for file, names in _FILES.items() for name in names.split()}


def __getattr__(name: str) -> Any:
    """Each name brings its own file alone: a guarded process needs a fifth of the records, a laptop's review half."""
    if name not in _FILE_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = getattr(import_module(f"{__name__}.{_FILE_OF[name]}"), name)
    globals()[name] = found
    return found
