"""The calls that are made with a client, as far as one file shows them."""

from bot.rules.api_rows import Bounded, Dependency, Outbound
from bot.rules.apis import Wait, find, limit_given
from bot.rules.once import once_a_file
from bot.syntax import Call, SourceFile


def are_all_limited(client: Call) -> bool:
    """True where calls are made with the client in its file, and each of them brings a limit of its own."""
    made = _made_with(client.file).get(client.node.id, [])
    return bool(made) and all(_is_limited(row, call) for row, call in made)


def _is_limited(row: Bounded, call: Call) -> bool:
    wait, argument = limit_given(row, call)
    return wait is Wait.BOUND and argument is not None


@once_a_file
def _made_with(file: SourceFile) -> dict[int, list[tuple[Bounded, Call]]]:
    """Node of the call that built a client → the known calls made with it."""
    found: dict[int, list[tuple[Bounded, Call]]] = {}
    for call in file.calls:
        row = find(call, Outbound) or find(call, Dependency)
        if row is not None and call.receiver is not None and (origin := call.origin) is not None:
            found.setdefault(origin.node.id, []).append((row, call))
    return found
