"""Who tries a call again, how often, and with what pauses."""

import re

from bot.domain.posture import LIBRARY, Retry, State
from bot.posture.amounts import number_of
from bot.posture.around import Surroundings, Wrap
from bot.posture.outgoing import Outgoing
from bot.posture.sheet import Sheet
from bot.regex import regex
from bot.rules.api_rows import OwnRetry
from bot.rules.api_rows import Retry as RetryRow
from bot.rules.apis import Wait, find, limit_given
from bot.rules.retry_options import endless_option, retry_options
from bot.rules.retrying import RetryLoop, constant_pause, retry_in
from bot.syntax import Call, Loop, text_of

_JITTER = regex(r"(?i)jitter|random|uniform|rand\b|rand\.|full_jitter|decorrelated")
_BACKOFF = regex(r"(?i)exponential|expo\b|backoff|fibo|\*\*|\bpow\b|<<|factor|incrementing|double|\* ?=|decorrelated")
_COUNT = regex(r"(?<![\w.])(\d+)(?![\w.])")
_NAMED = regex(r"(?:max_attempts|max_retries|retries|total|limit|maxAttempts)[\"']?\s*[:=]\s*(\d+)")
_BUNDLES = frozenset({"config", "transport", "overrideConfiguration"})
"""Arguments that may say how often, among other things."""
_ROUNDS = (
    regex(r"\brange\(\s*(?:[01]\s*,\s*)?(\w+)\s*(\+\s*1)?\)"),
    regex(r"[<>]\s*(\w+)\s*;"),
    regex(r"[<>]=\s*(\w+)\s*;"),
    regex(r"\brange\s+(\d+)\b"),
    regex(r"while\b[^:;{]*<\s*(\w+)"),
)


def retry_of(out: Outgoing, around: Surroundings) -> Retry:
    """All retries in sight multiply; the innermost one is told, with the product."""
    sheet = around.sheet
    found = [_of_wrap(wrap, sheet) for wrap in around.wraps if isinstance(wrap.row, RetryRow)]
    found += [_of_loop(loop, sheet) for loop in _loops(around)]
    for function in around.own_wrappers:
        found += [
            _of_loop(retry, sheet)
            for loop in sheet.file.within(sheet.file.loops, function.node)
            if (retry := retry_in(loop)) is not None
        ]
    found += [_of_wrap(wrap, sheet) for wrap in _onto_client(out, sheet)]
    own = _of_library(out, sheet)
    if own is not None and (own.is_there or not found):
        found.append(own)
    there = [one for one in found if one.is_there]
    if there:
        return _product(there)
    if "retry" in around.doubts:
        return Retry(state=State.UNKNOWN, where=around.doubts["retry"], backoff=State.UNKNOWN, jitter=State.UNKNOWN)
    if found:
        return found[0]
    if not out.is_known_whole and out.kind in ("http", "rpc"):
        return _unknown("its client is built elsewhere")
    return Retry()


def _unknown(where: str) -> Retry:
    return Retry(state=State.UNKNOWN, where=where, backoff=State.UNKNOWN, jitter=State.UNKNOWN)


def _product(found: list[Retry]) -> Retry:
    if len(found) == 1:
        return found[0]
    tries = 1
    for one in found:
        if one.tries is None:
            return found[0]
        tries *= one.tries
    first = found[0]
    return _made(first.where, tries, first.backoff, first.jitter)


def _made(where: str, tries: int | None, backoff: State, jitter: State, endless: bool = False) -> Retry:
    said = "for ever" if endless else f"{tries} tries" if tries is not None else ""
    pauses = [name for name, state in (("backoff", backoff), ("jitter", jitter)) if state is State.YES]
    value = ", ".join(part for part in (said, *pauses) if part)
    return Retry(state=State.YES, where=where, value=value, tries=tries, backoff=backoff, jitter=jitter)


def _onto_client(out: Outgoing, sheet: Sheet) -> list[Wrap]:
    """`axiosRetry(api, { retries: 3 })`, of the client that the call is made on."""
    names = {one for one in (_written_on(out), out.client.assigned_to if out.client is not None else "") if one}
    return [
        Wrap(row, call, call.node)
        for call in sheet.file.calls
        if (row := find(call, RetryRow)) is not None and row.onto and call.arguments and call.arguments[0].text in names
    ]


def _written_on(out: Outgoing) -> str:
    """What stands before the method, or the function itself: `axios` of `axios.get(url)` and of `axios(url)`."""
    return text_of(out.call.receiver) if out.call.receiver is not None else out.call.written


def _of_wrap(wrap: Wrap, sheet: Sheet) -> Retry:
    row = wrap.row
    assert isinstance(row, RetryRow)
    text = " ".join((wrap.call.text if wrap.call is not None else wrap.text).split())
    tries, is_limited = row.tries, row.limited
    given = retry_options(row, wrap.call) if wrap.call is not None else {}
    number = _limit_in(row, wrap, sheet)
    if given and endless_option(row, given):
        tries, is_limited = None, False
    elif number is not None:
        tries, is_limited = number + (row.counts == "retries"), True
    elif given is None or set(row.limit) & set(given):
        tries, is_limited = None, True
    elif wrap.text:
        tries = None
    backoff = State.YES if row.spaced or _BACKOFF.search(text) else State.NO
    jitter = State.YES if row.jittered or _JITTER.search(text) else State.NO
    if given is None or "name" in wrap.text:
        backoff = jitter = State.UNKNOWN
    return _made(sheet.place(wrap.node), tries, backoff, jitter, endless=not is_limited)


def _limit_in(row: RetryRow, wrap: Wrap, sheet: Sheet) -> int | None:
    call = wrap.call
    if call is None:
        found = re.search(rf"(?:{'|'.join(row.limit) or 'maxAttempts'})\s*=\s*(\d+)", wrap.text)
        return int(found[1]) if found else None
    given = [call.keywords[name].text for name in row.limit if name in call.keywords]
    for argument in call.arguments:
        entries = call.file.language.entries(argument.node) or {}
        given += [text_of(entries[name]) for name in row.limit if name in entries]
    for link in call.file.within(call.file.calls, call.node):
        if link.method in row.limit and link.arguments:
            given.append(link.arguments[-1].text)
        given += [link.keywords[name].text for name in row.limit if name in link.keywords]
    here: Call | None = call
    while here is not None:
        if here is not call and here.method in row.limit and here.arguments:
            given.append(here.arguments[-1].text)
        here = here.receiver_call
    if row.position is not None and len(call.arguments) > row.position:
        given.append(call.arguments[row.position].text)
    for text in given:
        number = number_of(text, sheet)
        if number is not None:
            return int(number)
        if numbers := _COUNT.findall(text):
            return int(numbers[0])
    return None


def _loops(around: Surroundings) -> list[RetryLoop]:
    found = []
    for loop in around.call.around(Loop):
        retry = retry_in(loop)
        if retry is not None and any(call is around.call for call in retry.calls):
            found.append(retry)
    return found


def _of_loop(retry: RetryLoop, sheet: Sheet) -> Retry:
    text = " ".join(retry.loop.text.split())
    backoff = State.NO
    if retry.pauses:
        backoff = State.NO if constant_pause(retry) else State.YES
    jitter = State.YES if retry.pauses and _JITTER.search(text) else State.NO
    endless = retry.loop.is_endless and not retry.has_deadline
    return _made(sheet.place(retry.loop), _rounds(retry.loop, sheet), backoff, jitter, endless)


def _rounds(loop: Loop, sheet: Sheet) -> int | None:
    for index, pattern in enumerate(_ROUNDS):
        if found := pattern.search(loop.header):
            number = number_of(found[1], sheet)
            if number is not None:
                more = index == 2 or (index == 0 and bool(found[2]))
                return int(number) + more
    return None


def _of_library(out: Outgoing, sheet: Sheet) -> Retry | None:
    """What the client, or the call, tries again by itself; None where nothing is known of that."""
    for call in (out.call, out.client):
        row = find(call, OwnRetry) if call is not None else None
        if call is None or row is None:
            continue
        wait, argument = limit_given(row, call)
        if argument is not None:
            if wait is Wait.DISABLED:
                return Retry(where=sheet.place(call))
            made = sheet.made_by(argument, call)
            text = made.text if made is not None else argument.text
            if argument.name in _BUNDLES and not _NAMED.search(text):
                return _by_default(row) if made is not None else _unknown(sheet.place(call))
            return _own(row, text, sheet.place(call), sheet)
        if (set_later := _set_later(row, call, sheet)) is not None:
            return set_later
        if wait is Wait.UNKNOWN:
            return _unknown(sheet.place(call))
        return _by_default(row)
    return out.built.protections.retry if out.built is not None else None


def _by_default(row: OwnRetry) -> Retry:
    if not row.retries:
        return Retry()
    state = State.YES if row.spaced else State.NO
    return _made(LIBRARY, row.retries + 1, state, State.YES if row.jittered else State.NO)


def _own(row: OwnRetry, text: str, place: str, sheet: Sheet) -> Retry:
    number = number_of(text, sheet)
    if number is None and (found := _NAMED.search(text) or _COUNT.search(text)):
        number = float(found[1])
    tries = None if number is None else int(number) + (row.counts == "retries")
    backoff = State.YES if row.spaced or _BACKOFF.search(text) else State.NO
    if tries is not None and tries <= 1:
        return Retry(where=place)
    return _made(place, tries, backoff, State.YES if row.jittered or _JITTER.search(text) else State.NO)


def _set_later(row: OwnRetry, client: Call, sheet: Sheet) -> Retry | None:
    """`session.mount("https://", HTTPAdapter(max_retries=Retry(total=3, backoff_factor=0.5)))`."""
    name = client.assigned_to
    for call in sheet.file.calls if name and row.setters else ():
        if call.method not in row.setters or text_of(call.receiver) != name or not call.arguments:
            continue
        made = sheet.made_by(call.arguments[-1], call)
        given = made.keywords.get("max_retries") if made is not None else None
        if made is None or given is None:
            continue
        inner = sheet.made_by(given, made)
        text = inner.text if inner is not None else given.text
        return _own(row, text, sheet.place(call), sheet)
    return None
