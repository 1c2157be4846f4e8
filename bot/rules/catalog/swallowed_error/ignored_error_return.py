"""A returned error that nobody reads."""

from bot.domain import Severity
from bot.regex import regex
from bot.rules.api_rows import Fallible
from bot.rules.apis import find
from bot.rules.rule import Alarm, Rule, go, rust
from bot.syntax import Call, SourceFile, text_of


class IgnoredErrorReturn(Rule):
    """## What it finds
    A call in Go or Rust whose error matters (an answer, a file, a transaction) and whose error is dropped: assigned to
    `_`, or not taken at all; in Rust also by `.ok();`.

    ## Why it matters
    Both report failure by what is returned and by nothing else. Dropped, a failed commit looks like a written order
    and half a body like the whole. Go's `_ = f()` is shown by a scan only: its author has decided.

    ## Use instead
    `if err != nil`, with the error returned or counted; `?` in Rust.
    """

    name = "swallowed-error/ignored-error-return"
    severity = Severity.MEDIUM
    covered_by = ("golangci-lint:errcheck",)
    languages = ("go", "rust")
    shown_only_in = ("go",)
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
            _FIX[file.language.name],
        )

    def _drains(self, call: Call) -> bool:
        """What is thrown away, or shown to whoever debugs, may fail."""
        return bool(_DEBUGS.search(call.scope)) or any(argument.text.endswith("Discard") for argument in call.arguments)

    def _drops_error(self, call: Call) -> bool:
        if call.file.language.name == "rust":
            return self._drops_result(call)
        if call.use == "discarded":
            return True
        if call.user is None:  # unprovable: narrows the type
            return False
        left = [one for side in call.user.children_by_field_name("left") for one in side.named_children]
        right = [one for side in call.user.children_by_field_name("right") for one in side.named_children]
        return len(right) == 1 and [text_of(one) for one in left[-1:]] == ["_"]

    def _drops_result(self, call: Call) -> bool:
        """`let _ = f();` and `f().ok();`; what is not taken at all the compiler tells."""
        if call.assigned_to == "_":
            return not any(text.endswith("?") for text in [text_of(call.user).rstrip("; ")])
        outer = call.file.call_on(call)
        return outer is not None and outer.method == "ok" and outer.use == "discarded"

    bad = (
        go(
            'import ("io"; "net/http")\n\nfunc f(r *http.Response) {\n\tbody, _ := io.ReadAll(r.Body)\n\tuse(body)\n}',
            line=4,
        ),
        go('import "database/sql"\n\nfunc f(tx *sql.Tx) {\n\ttx.Commit()\n}', line=4),
        go('import "database/sql"\n\nfunc f(db *sql.DB) {\n\t_, _ = db.Exec(q)\n}', line=4),
        go('import "encoding/json"\n\nfunc f(b []byte) { var o Order; json.Unmarshal(b, &o) }', line=3),
        rust("async fn f(tx: Transaction<Db>) {\n    let _ = tx.commit().await;\n}", line=2),
        rust("fn f() {\n    std::fs::write(path, text).ok();\n}", line=2),
    )
    good = (
        go('import "io"\n\nfunc f() { io.Copy(io.Discard, body) }'),
        go('import "io"\n\nfunc (r *R) dumpHex() { io.Copy(&text, r.body); show(text) }'),
        go('import "io"\n\nfunc f() error {\n\t_, err := io.ReadAll(r)\n\treturn err\n}'),
        go('import "database/sql"\n\nfunc f(tx *sql.Tx) { defer tx.Rollback() }'),
        go('import "database/sql"\n\nfunc f(tx *sql.Tx) error { return tx.Commit() }'),
        go('import "strings"\n\nfunc f() { b, _, _ := strings.Cut(a, ":"); use(b) }'),
        rust("async fn f(tx: Transaction<Db>) -> Res {\n    tx.commit().await\n}"),
        rust("async fn f(tx: Transaction<Db>) -> Res {\n    let _ = tx.commit().await?;\n    Ok(())\n}"),
        rust("fn f() -> bool {\n    std::fs::write(path, text).is_ok()\n}"),
        rust("fn f() -> Option<()> {\n    std::fs::write(path, text).ok()\n}"),
        rust("fn f() {\n    std::fs::write(path, text).unwrap();\n    let _x = std::fs::write(path, text);\n}"),
        go("func f() { n, _ := os.Open(p), two() }"),
        go("func f() { files[0], _ = os.Open(p), two }"),
    )


_DEBUGS = regex(r"(?i)(?:^|[._])(?:dump|debug|trace)|(?:Dump|Debug)")
_FIX = {
    "go": 'Take the error and return it with context (`fmt.Errorf("…: %w", err)`), or log and count it.',
    "rust": "Hand it on with `?`, or log and count it: `if let Err(e) = … { … }`.",
}
