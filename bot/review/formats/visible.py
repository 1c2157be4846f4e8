"""Text of a pull request, made safe to print: nothing in it acts on a terminal, reorders or hides what is read."""

from bot.regex import regex

_UNSEEN = regex(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb"
    "\U000e0000-\U000e007f]"
)


def visible(text: str) -> str:
    """The same text; control, bidirectional and invisible characters show as � . Line feeds and tabs stay."""
    return _UNSEEN.sub("\ufffd", text.replace("\r\n", "\n"))


def one_line(text: str) -> str:
    """The same on one line."""
    return " ".join(visible(text).split())


def plain_title(title: str) -> str:
    """A title for where Markdown is not read."""
    return one_line(title).replace("`", "")
