"""A returned error that nobody reads."""

from bot.domain import Severity
from bot.rules.api_rows import Fallible
from bot.rules.apis import find
from bot.rules.rule import Alarm, Rule, go
from bot.syntax import Call, SourceFile, text_of


class IgnoredErrorReturn(Rule):
    """## What it finds
    A Go call whose error matters (an answer, a file, a transaction) and whose error is dropped: assigned to `_`, or not
    taken at all.

    ## Why it matters
    Go reports failure by the returned error and by nothing else. Dropped, a failed commit looks like a written order
    and half a body like the whole.

    ## Use instead
    `if err != nil`, with the error returned or counted.
    """

    name = "swallowed-error/ignored-error-return"
    severity = Severity.MEDIUM
    languages = ("go",)
    sections = ("fallible",)

    def check_call(self, call: Call, file: SourceFile) -> Alarm | None:
        row = find(call, Fallible)
        if row is None or not self._drops_error(call) or self._drains(call):
            return None
        written = call.written
        return Alarm(
            call,
            f"The error of `{written}` is dropped"[:80],
            f"`{written}` reports failure only by its error, and nobody reads it here. When it fails, {row.costs}; "
            "nothing is logged, and the caller goes on.",
            'Take the error and return it with context (`fmt.Errorf("…: %w", err)`), or log and count it.',
        )

    def _drains(self, call: Call) -> bool:
        """What is thrown away may fail."""
        return any(argument.text.endswith("Discard") for argument in call.arguments)

    def _drops_error(self, call: Call) -> bool:
        if call.use == "discarded":
            return True
        if call.use != "assigned" or call.user is None:
            return False
        left = call.user.child_by_field_name("left")
        right = call.user.child_by_field_name("right")
        if left is None or right is None or len(right.named_children) != 1:
            return False
        return bool(left.named_children) and text_of(left.named_children[-1]) == "_"

    bad = (
        go(
            'import ("io"; "net/http")\n\nfunc f(r *http.Response) {\n\tbody, _ := io.ReadAll(r.Body)\n\tuse(body)\n}',
            line=4,
        ),
        go('import "database/sql"\n\nfunc f(tx *sql.Tx) {\n\ttx.Commit()\n}', line=4),
        go('import "database/sql"\n\nfunc f(db *sql.DB) {\n\t_, _ = db.Exec(q)\n}', line=4),
        go('import "encoding/json"\n\nfunc f(b []byte) { var o Order; json.Unmarshal(b, &o) }', line=3),
    )
    good = (
        go('import "io"\n\nfunc f() { io.Copy(io.Discard, body) }'),
        go('import "io"\n\nfunc f() error {\n\t_, err := io.ReadAll(r)\n\treturn err\n}'),
        go('import "database/sql"\n\nfunc f(tx *sql.Tx) { defer tx.Rollback() }'),
        go('import "database/sql"\n\nfunc f(tx *sql.Tx) error { return tx.Commit() }'),
        go('import "strings"\n\nfunc f() { b, _, _ := strings.Cut(a, ":"); use(b) }'),
    )
