"""What a repository tells those who work on it, from the base branch: no change instructs its own reader."""

from bot.domain import FileRef, Source
from bot.errors import RetryableError, SourceError
from bot.settings.beside import GUIDELINE_FILES

_MOST_CHARS = 20_000


def guidelines_of(source: Source) -> str:
    """The files of the base, each under its name; empty where there is none, or none can be read just now."""
    try:
        found = source.read([FileRef(path, "LEFT") for path in GUIDELINE_FILES])
    except (SourceError, RetryableError):
        return ""
    texts = ((path, found.get(FileRef(path, "LEFT"))) for path in GUIDELINE_FILES)
    return "\n\n".join(
        f"From {path}:\n{content[:_MOST_CHARS].decode('utf-8', 'replace').strip()}"
        for path, content in texts
        if content and content.strip()
    )
