"""How each place is shown: whole where it is short, else its signature and the lines that matter. Pure."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from bot.review.surroundings.matching import Candidate
from bot.review.surroundings.piece import Kind, Piece, Span, form_of
from bot.review.surroundings.reading import Facts, Found, Scope
from bot.review.surroundings.wanted import Called, Callee, Method
from bot.syntax import is_test_path, language_of

AROUND_CALL = 3
_SHORT_BODY, _LONG_BODY = 30, 60
_FIELDS = 25
Lines = Mapping[str, Sequence[str]]
_NEAREST = 4.0
_FOR_TESTS = 0.25
"""What is called in a changed test alone tells less of what may break."""


def callees(chosen: Sequence[tuple[Callee, Candidate]], found: Mapping[str, Found], lines: Lines) -> Iterator[Piece]:
    """Definitions of what the change calls: signature and first words, and where it is short the whole."""
    for (path, line, name), pairs in _by_place(chosen).items():
        scope = _at(found.get(path), name, line)
        if scope is None or path not in lines:
            continue
        on_change = any(callee.is_on_change for callee, _ in pairs)
        users = ", ".join(dict.fromkeys(callee.use.scope or callee.path for callee, _ in pairs))
        why = f"called in {_short(users)}"
        brief: Span = (scope.brief_start, scope.brief_end)
        makers = [
            (one.brief_start, min(one.end, one.start + _SHORT_BODY))
            for one in found[path].scopes
            if scope.is_class and one.owner == scope.name and not one.is_class
        ]
        spans: list[list[Span]] = [[brief]]
        if scope.is_class:
            spans.insert(0, [(scope.brief_start, min(scope.end, scope.signature_end + 12)), *makers[:1]])
        elif scope.end - scope.start < _LONG_BODY:
            spans.insert(0, [(scope.brief_start, scope.end)])
        value = (10.0 if on_change else 5.0) * pairs[0][1].nearness / _NEAREST
        if all(is_test_path(callee.path) for callee, _ in pairs):
            value *= _FOR_TESTS
        yield _piece("callee", name, path, scope.start, value, {c.path for c, _ in pairs}, why, lines[path], spans)


def callers(chosen: Sequence[tuple[Called, Candidate]], found: Mapping[str, Found], lines: Lines) -> Iterator[Piece]:
    """Who calls what changed, tests among them: the call with what stands around it, or the whole function."""
    told: Counter[tuple[str, Kind]] = Counter()
    for (path, line), group in _by_scope(chosen, found).items():
        scope = found[path].around[group[0][1].line]
        if path not in lines:
            continue
        is_test = is_test_path(path)
        kind: Kind = "test" if is_test else "caller"
        names = list(dict.fromkeys(called.name for called, _ in group))
        gone = [called.name for called, _ in group if called.is_gone]
        why = f"{'tests' if is_test else 'uses'} {_short(', '.join(names))}{f' in {scope.qualified}' if scope else ''}"
        why += f", and {gone[0]} is gone" if gone else ""
        base = 3.0 if is_test else 9.0 if any(called.has_new_signature for called, _ in group) else 7.0
        is_called = any(place.line in found[path].calls for _, place in group)
        told[names[0], kind] += 1
        one_of_many = 2 / (1 + told[names[0], kind])  # the tenth caller tells less than the first
        value = base * group[0][1].nearness / _NEAREST * (1.0 if is_called else 0.6) * one_of_many
        serves = {called.path for called, _ in group}
        spans = _call_spans(scope, sorted({place.line for _, place in group}))
        yield _piece(kind, names[0], path, line, value, serves, why, lines[path], spans)


def _by_scope(
    chosen: Sequence[tuple[Called, Candidate]], found: Mapping[str, Found]
) -> dict[tuple[str, int], list[tuple[Called, Candidate]]]:
    """By path and first line of the function around the call, where there is one."""
    groups: dict[tuple[str, int], list[tuple[Called, Candidate]]] = {}
    for called, place in chosen:
        there = found.get(place.path)
        if there is None or place.line not in there.around:
            continue
        scope = there.around[place.line]
        if scope is not None and place.line <= scope.signature_end and place.line not in there.calls:
            continue  # a type in a signature, or the receiver of a method, is no use
        start = scope.start if scope is not None and not scope.is_class else place.line
        groups.setdefault((place.path, start), []).append((called, place))
    return groups


def _call_spans(scope: Scope | None, calls: Sequence[int]) -> list[list[Span]]:
    near: list[Span] = [(line - AROUND_CALL, line + AROUND_CALL) for line in calls]
    if scope is None or scope.is_class:
        return [near]
    signature: Span = (scope.start, scope.signature_end)
    inside = [(max(scope.start, first), min(scope.end, last)) for first, last in near]
    spans: list[list[Span]] = [[signature, *inside], [signature, *((line, line) for line in calls)]]
    return [[(scope.start, scope.end)], *spans] if scope.end - scope.start < _SHORT_BODY else spans


def siblings(chosen: Sequence[tuple[Method, Candidate]], found: Mapping[str, Found], lines: Lines) -> Iterator[Piece]:
    """The same method of another class on the same base."""
    for method, place in chosen:
        scope = _at(found.get(place.path), place.name, place.line)
        if scope is None or scope.is_class or scope.owner == method.scope.owner or place.path not in lines:
            continue
        why = f"another {method.scope.name}, as in {method.scope.qualified}"
        spans: list[list[Span]] = [[(scope.start, min(scope.end, scope.start + _SHORT_BODY))]]
        spans.append([(scope.start, scope.signature_end)])
        value = 4.0 * place.nearness / _NEAREST
        yield _piece(
            "sibling", scope.qualified, place.path, scope.start, value, {method.path}, why, lines[place.path], spans
        )


def values(chosen: Sequence[tuple[Callee, Candidate]], lines: Lines) -> Iterator[Piece]:
    """Where constants and settings get their values."""
    for (path, line, name), pairs in _by_place(chosen).items():
        if path not in lines:
            continue
        value = (6.0 if any(callee.is_on_change for callee, _ in pairs) else 3.0) * pairs[0][1].nearness / _NEAREST
        alone: list[list[Span]] = [[(line, line)]]
        language = language_of(path)  # of configuration the line alone: beside a key may stand a secret
        spans = [[(line - 1, line + 2)], *alone] if language is not None and language.is_code else alone
        why = f"{name}, read in {_short(pairs[0][0].use.scope or pairs[0][0].path)}"
        yield _piece("constant", name, path, line, value, {c.path for c, _ in pairs}, why, lines[path], spans)


def classes(facts: Sequence[Facts], lines: Lines) -> Iterator[Piece]:
    """Of each method that changed: the head of its class, its fields and what makes one."""
    for fact in facts:
        touched = [fact.scopes[at] for at in fact.touched]
        owners = dict.fromkeys(scope.owner for scope in touched if scope.owner and not scope.is_class)
        for owner in owners:
            own = next((scope for scope in fact.scopes if scope.is_class and scope.name == owner), None)
            if own is None or fact.path not in lines:
                continue
            members = [one for one in fact.scopes if one.owner == owner and not one.is_class]
            first = min((one.brief_start for one in members if one.start > own.start), default=own.end)
            spans: list[list[Span]] = [[(own.start, min(max(own.signature_end, first - 1), own.start + _FIELDS))]]
            maker = next((one for one in members if one.name in ("__init__", "constructor", owner)), None)
            if maker is not None:
                last = maker.end if maker.end - maker.start < _SHORT_BODY else maker.signature_end
                spans.insert(0, [*spans[0], (maker.start, last)])
            why = f"the class of {_short(', '.join(one.name for one in touched if one.owner == owner))}"
            yield _piece("class", owner, fact.path, own.start, 5.0, {fact.path}, why, lines[fact.path], spans)


def _piece(
    kind: Kind,
    name: str,
    path: str,
    line: int,
    value: float,
    serves: set[str],
    why: str,
    lines: Sequence[str],
    spans: Sequence[Sequence[Span]],
) -> Piece:
    forms = tuple(form_of(path, why, lines, one) for one in spans)
    shorter = tuple(form for at, form in enumerate(forms) if at == 0 or form.tokens < forms[at - 1].tokens)
    return Piece(kind, name, path, line, value, frozenset(serves), shorter)


def _by_place(
    chosen: Sequence[tuple[Callee, Candidate]],
) -> dict[tuple[str, int, str], list[tuple[Callee, Candidate]]]:
    places: dict[tuple[str, int, str], list[tuple[Callee, Candidate]]] = {}
    for pair in chosen:
        places.setdefault((pair[1].path, pair[1].line, pair[1].name), []).append(pair)
    return places


def _at(found: Found | None, name: str, line: int) -> Scope | None:
    """The scope of that name whose signature the line is part of."""
    if found is None:
        return None
    same = (one for one in found.scopes if one.name == name and one.brief_start <= line <= one.signature_end)
    return next(same, None)


def _short(text: str, most: int = 60) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
