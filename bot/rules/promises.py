"""Whether a call gives its result later: a promise, task, future or coroutine."""

from bot.rules.api_rows import Outbound, Task
from bot.rules.apis import find
from bot.rules.own import gives_future, own_functions
from bot.syntax import Call


def gives_promise(call: Call) -> bool:
    """True where the catalogue or this very file says so; what is not known gives none."""
    if find(call, Task) is not None or call.name == "Promise":
        return True
    row = find(call, Outbound)
    if row is not None and row.promise:
        return True
    own = own_functions(call)
    return bool(own) and all(gives_future(function) for function in own)
