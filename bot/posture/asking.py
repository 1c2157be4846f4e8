"""Clients that a file calls and does not build: under which name it asks the other files of its tree for them."""

from bot.rules.apis import is_named_like_one, known
from bot.rules.once import once_a_file
from bot.syntax import Call, Class, SourceFile, text_of

INJECTING = ("java", "kotlin", "csharp")
MADE = "()"
"""Ends the name of a function that gives a client: `app.http.make_client()`."""
MOST = 400
"""Names that one file may ask for."""


def ask_of(call: Call) -> str:
    """The name for the client that a call is made on; empty where no other file can be meant.

    By import it is the client's canonical name, such as `app.http.session` or `./client.api`; within a Go package its
    bare name; where a function of another file gives it, the name of that with `()`; of a field that is injected
    `bean:TYPE#FIELD`, in C# `class:CLASS#TYPE`.
    """
    while (earlier := call.receiver_call) is not None:
        call = earlier  # `client.newCall(request).execute()` is a call on the client
    if call.receiver is None or not call.name:
        return ""
    ask = _named(call)
    if not ask or (origin := call.origin) is None:  # what made it is looked for last: that takes longest
        return ask
    return f"{ask}{MADE}" if origin.name == ask else ""


def _named(call: Call) -> str:
    owner, file = call.name.rpartition(".")[0], call.file
    receiver = text_of(call.receiver).removeprefix("this.")
    if file.language.name not in INJECTING:
        return owner if _is_imported(owner, file) or _is_of_package(receiver, call) else ""
    if "." in receiver:
        return ".".join(receiver.split(".")[-2:]) if receiver[:1].isupper() or "." in owner else ""
    if not receiver.isidentifier() or receiver == owner:
        return ""
    if file.language.name != "csharp":
        return f"bean:{owner}#{receiver}"
    around = next((shape.name for shape in call.around(Class)), "")
    return f"class:{around}#{owner}" if around else ""


def asks_in(file: SourceFile) -> tuple[str, ...]:
    """All of a file's, in order: only of calls that bear the name of one that leaves the process."""
    found: dict[str, None] = {}
    for call in file.calls:
        if call.receiver is not None and (is_named_like_one(call) or known(call)):
            if ask := ask_of(call):
                found.setdefault(ask)
            if len(found) >= MOST:
                break
    return tuple(found)


def _is_imported(owner: str, file: SourceFile) -> bool:
    return any(owner.startswith(one) and owner[len(one) :][:1] in ("", ".", "/") for one in file.imports.values())


def _is_of_package(receiver: str, call: Call) -> bool:
    """Go: a name that neither the file nor the function around the call gives a value."""
    file = call.file
    if file.language.name != "go" or not receiver.isidentifier() or receiver in file.imports:
        return False
    if any(receiver in function.parameters for function in file.functions if function.holds(call)):
        return False
    return receiver not in _bound_in(file)


@once_a_file
def _bound_in(file: SourceFile) -> frozenset[str]:
    return frozenset(text_of(binding.target) for binding in file.bindings)
