"""How long a call may wait: by its own argument, by what stands around it, by its client, or by its library."""

from bot.domain.posture import LIBRARY, State, Timeout
from bot.posture.amounts import number_of, seconds_of, seconds_text
from bot.posture.around import Surroundings
from bot.posture.outgoing import Outgoing
from bot.posture.sheet import Sheet, chain_of
from bot.regex import regex
from bot.rules.api_rows import Bounded, Client, Deadline, Dependency
from bot.rules.apis import Wait, find, known, limit_given
from bot.rules.losing import LIMIT_NAME
from bot.syntax import Argument, Call, text_of

_SAYS_LIMIT = regex(r"(?i)time_?out|deadline")
_CONTEXT = regex(r"(?i)^(?:\w*ctx|context|\w*Context)$")


def timeout_of(out: Outgoing, around: Surroundings) -> Timeout:
    """The limit of one try."""
    sheet = around.sheet
    wait, argument = limit_given(out.limits, out.call) if out.limits is not None else (Wait.UNKNOWN, None)
    if out.limits is not None and argument is not None:
        return _given(out.limits, wait, argument, out.call, sheet)
    deadline = _deadline(around)
    if deadline is not None and deadline.is_there:
        return deadline
    if (given := _of_parts(out, sheet)) is not None:
        return given
    if (
        out.limits is not None
        and wait is Wait.BOUND
        and (named := _named_later(out.limits, out.call, sheet)) is not None
    ):
        return named
    if out.limits is None and not out.is_client:
        return _by_keyword(out.call, sheet)
    doubt = deadline or (
        Timeout(state=State.UNKNOWN, where=around.doubts["timeout"]) if "timeout" in around.doubts else None
    )
    if out.client is not None and out.client_row is not None and _client_counts(out):
        by_client = _of_client(out, sheet)
        return by_client if by_client.is_there or doubt is None else doubt
    if out.kept is not None and out.kept.limits and _client_counts(out):
        by_client = _of_kept(out)
        return by_client if by_client.is_there or doubt is None else doubt
    if doubt is not None:
        return doubt
    if wait is Wait.UNKNOWN:
        return Timeout(state=State.UNKNOWN)
    if (
        out.has_client
        and ((out.client is None and out.built is None) or (out.limits and not out.limits.judged))
        and not _needs_no_client(out, sheet)
    ):
        return Timeout(state=State.UNKNOWN, where="its client is built elsewhere")
    if out.limits is not None and out.limits.default_s is not None:
        return _default(out.limits.default_s)
    if out.limits is not None and not out.limits.judged:
        return Timeout(state=State.UNKNOWN)
    return Timeout()


def _by_keyword(call: Call, sheet: Sheet) -> Timeout:
    """For calls of which nothing is known but that they leave: an argument that names a limit."""
    for name, argument in call.keywords.items():
        if LIMIT_NAME.search(name):
            place = sheet.place(call)
            if argument.text == "None":
                return Timeout(where=place, value="switched off by None")
            return _timed(seconds_of(argument.text, sheet, "", name), place)
    return Timeout(state=State.UNKNOWN) if call.has_splat else Timeout()


def _client_counts(out: Outgoing) -> bool:
    """False for calls that the client's limits do not reach, such as queries after a limited connect."""
    return not isinstance(out.row, Dependency) or out.row.client_limits


def _needs_no_client(out: Outgoing, sheet: Sheet) -> bool:
    """True where no client of that library can hold a limit, as a session of Requests cannot."""
    owner = out.name.rpartition(".")[0]
    if not owner or out.limits is None or not out.limits.judged or out.limits.default_s is not None:
        return False
    return not any(isinstance(row, Client) for row in sheet.rows_of_name(owner))


def _of_client(out: Outgoing, sheet: Sheet) -> Timeout:
    client, row = out.client, out.client_row
    assert client is not None
    assert row is not None
    wait, argument = limit_given(row, client)
    if argument is not None:
        return _given(row, wait, argument, client, sheet)
    if wait is Wait.UNKNOWN:
        return Timeout(state=State.UNKNOWN, where=sheet.place(client))
    if wait is Wait.BOUND:
        if (later := _named_later(row, client, sheet)) is not None:
            return later
        if row.default_s is not None:
            return _default(row.default_s)
        return Timeout(state=State.YES, where=sheet.place(client))
    if not row.judged:
        return Timeout(state=State.UNKNOWN) if out.limits is None or not out.limits.judged else Timeout()
    return Timeout()


def _of_kept(out: Outgoing) -> Timeout:
    """By the client that another file builds."""
    timeout = out.built.protections.timeout if out.built is not None else Timeout(state=State.UNKNOWN)
    is_silent = timeout.state is State.UNKNOWN and not timeout.where and out.built is not None
    return Timeout() if is_silent and out.limits is not None and out.limits.judged else timeout


def _given(row: Bounded, wait: Wait, argument: Argument, call: Call, sheet: Sheet) -> Timeout:
    place = f"{sheet.path}:{int(argument.node.start_point.row) + 1}"
    if wait is Wait.DISABLED:
        return Timeout(state=State.NO, where=place, value=f"switched off by {argument.text}"[:60])
    says = not argument.name or LIMIT_NAME.search(argument.name) or _SAYS_LIMIT.search(argument.text)
    if not says:
        return Timeout(state=State.UNKNOWN, where=place)
    text = argument.text
    made = call.file.call_at(argument.node) or call.file.origin(argument.node, call.outer)
    if made is not None and made.node.id != argument.node.id:
        text = made.text
    return _timed(seconds_of(text, sheet, row.unit, argument.name), place, "" if len(text) > 40 else text)


def _timed(seconds: float | None, place: str, otherwise: str = "") -> Timeout:
    value = seconds_text(seconds) if seconds is not None else otherwise
    return Timeout(state=State.YES, where=place, value=value, seconds=seconds)


def _default(seconds: float) -> Timeout:
    return Timeout(state=State.YES, where=LIBRARY, value=seconds_text(seconds), seconds=seconds)


def _named_later(row: Bounded, call: Call, sheet: Sheet) -> Timeout | None:
    """A limit set by a builder's method, or on the result later: `.timeout(…)`, `client.Timeout = …`."""
    for link in chain_of(call):
        if link.method in row.chain and link.arguments:
            return _timed(seconds_of(link.arguments[0].text, sheet, row.unit, link.method), sheet.place(link))
    for setter in (*row.setters, *row.keywords):
        for binding in sheet.file.within(sheet.file.bindings, call.node):  # `Add(client => client.Timeout = …)`
            if text_of(binding.target).endswith(f".{setter}"):
                return _timed(seconds_of(text_of(binding.value), sheet, row.unit, setter), sheet.place(binding))
    name = call.assigned_to
    if not name:
        return None
    for setter in row.setters:
        for binding in sheet.file.bindings:
            if text_of(binding.target) == f"{name}.{setter}":
                return _timed(seconds_of(text_of(binding.value), sheet, row.unit, setter), sheet.place(binding))
        for other in sheet.file.calls:
            if other.method == setter and text_of(other.receiver) == name and other.arguments:
                unit = row.unit
                if len(other.arguments) > 1 and "TimeUnit." in other.arguments[1].text:
                    unit = "ms" if "MILLI" in other.arguments[1].text else "s"
                return _timed(seconds_of(other.arguments[0].text, sheet, unit, setter), sheet.place(other))
    return None


def _deadline(around: Surroundings) -> Timeout | None:
    """A section, decorator, wrapper or context that ends the wait from outside."""
    for wrap in around.wraps:
        row = wrap.row
        if not isinstance(row, Deadline):
            continue
        if wrap.call is None:
            return Timeout(state=State.YES, where=around.sheet.place(wrap.node))
        return _of_deadline(row, wrap.call, around.sheet)
    return _of_context(around.call, around.sheet)


def _of_deadline(row: Deadline, call: Call, sheet: Sheet) -> Timeout:
    wait, argument = limit_given(row, call)
    if argument is None:
        return Timeout(state=State.UNKNOWN, where=sheet.place(call))
    found = _given(row, wait, argument, call, sheet)
    if found.seconds is None and len(call.arguments) > 1 and "TimeUnit." in call.text:
        number = number_of(argument.text, sheet)
        if number is not None:
            return _timed(number / 1000 if "MILLI" in call.text else number, found.where)
    return found


def _of_context(call: Call, sheet: Sheet) -> Timeout | None:
    """Go: the deadline of the context that a call is given as its first argument."""
    if sheet.language != "go":
        return None
    given = call.arguments[0] if call.arguments else None
    if given is None or not _CONTEXT.match(given.text):
        return None
    made = sheet.first_of(given.node, call)
    row = find(made, Deadline) if made is not None else None
    if made is None or row is None:
        return Timeout(state=State.UNKNOWN, where="the deadline of the context it is given")
    return _of_deadline(row, made, sheet)


def _of_parts(out: Outgoing, sheet: Sheet) -> Timeout | None:
    """A limit on the request that a client is told to send."""
    for argument in out.call.arguments[:2]:
        made = sheet.first_of(argument.node, out.call) if argument.node.type not in ("string", "number") else None
        if made is None:
            continue
        row = next((row for row in known(made) if isinstance(row, Client) and row.what == "request"), None)
        if row is not None:
            wait, given = limit_given(row, made)
            if given is not None:
                return _given(row, wait, given, made, sheet)
            return _named_later(row, made, sheet)
        if sheet.language == "go" and (limited := _of_context(made, sheet)) is not None:
            return limited if limited.is_there or out.client_row is None or not _client_limits(out, sheet) else None
    return None


def _client_limits(out: Outgoing, sheet: Sheet) -> bool:
    return out.client is not None and _of_client(out, sheet).is_there
