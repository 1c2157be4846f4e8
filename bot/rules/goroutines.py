"""Go's functions that run beside the one which starts them."""

from bot.syntax import Function


def is_spawned(function: Function) -> bool:
    """`go func() { … }()`."""
    above = function.node.parent
    return above is not None and above.parent is not None and above.parent.type == "go_statement"
