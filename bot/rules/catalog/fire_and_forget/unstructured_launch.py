"""A coroutine that belongs to nobody."""

import re

from bot.domain import Severity
from bot.regex import regex
from bot.rules.rule import Alarm, Rule, kotlin
from bot.rules.weighing import SHOWN_ONLY
from bot.syntax import Call, Shape, SourceFile, text_of

BUILDERS = frozenset({"launch", "async", "produce", "actor"})
NEW_JOB = regex(r"^(?:Supervisor)?Job\(\)$")
MEANT = regex(r"\bDelicateCoroutinesApi\b")


class UnstructuredLaunch(Rule):
    """## What it finds
    In Kotlin: a coroutine started in `GlobalScope`, or in a scope made for it alone
    (`CoroutineScope(io).launch { … }`), and a builder that is given a `Job()` of its own.

    ## Why it matters
    Nothing waits for such a coroutine and nothing cancels it: not the request that started it, not the shutdown. It
    goes on with connections that are closed already, its failure is told to nobody, and under load there are ever more
    of them. Kotlin marks `GlobalScope` as a delicate API for that reason.

    ## Use instead
    The scope of who starts it (`coroutineScope { launch { … } }`), or one that is kept and cancelled when the service
    stops. Where it is meant, `@OptIn(DelicateCoroutinesApi::class)` says so.
    """

    name = "fire-and-forget/unstructured-launch"
    severity = Severity.MEDIUM
    covered_by = ("detekt:GlobalCoroutineUsage",)
    languages = ("kotlin",)
    methods = BUILDERS | {"withContext"}
    confidence = SHOWN_ONLY  # on record: once in a while, and by hand

    def check_call(self, call: Call, file: SourceFile) -> Alarm | None:
        if call.method not in (*BUILDERS, "withContext") or not self._is_builder(call):
            return None
        own_job = next((a.text for a in call.all_arguments if NEW_JOB.match(a.text.split("+")[-1].strip())), "")
        if own_job:
            return self._alarm(call, f"`{own_job}` cuts this coroutine off from its parent")
        if self._is_global(call) and not self._is_meant(call):
            return self._alarm(call, "This coroutine belongs to no scope that ends")
        return None

    def _is_builder(self, call: Call) -> bool:
        """It has a block to run; `kotlinx.coroutines` is known by that, however it was imported."""
        given = call.all_arguments
        return bool(given) and given[-1].node.type == "lambda_literal" and "./" not in call.name[:2]

    def _is_global(self, call: Call) -> bool:
        if text_of(call.receiver) in ("GlobalScope", "kotlinx.coroutines.GlobalScope"):
            return True
        made = call.receiver_call
        return made is not None and made.name in ("kotlinx.coroutines.CoroutineScope", "CoroutineScope")

    def _is_meant(self, call: Call) -> bool:
        marks = (word for shape in call.around(Shape) for word in call.file.language.modifiers(shape.node))
        above = call.file.line_text(call.start_line - 1)
        return any(MEANT.search(word) for word in (*marks, above)) or bool(
            re.search(rb"@file:OptIn\([^)]*DelicateCoroutinesApi", call.file.text)
        )

    def _alarm(self, call: Call, title: str) -> Alarm:
        return Alarm(
            call,
            title[:80],
            f"Nobody waits for what `{call.written}` starts here, and nobody can cancel it. When the caller gives "
            "up or the service stops it goes on, with what is closed already, and its failure reaches no one.",
            "Start it in the caller's scope, or in one that is kept and cancelled at shutdown.",
            last_line=call.start_line,
        )

    bad = (
        kotlin("import kotlinx.coroutines.*\n\nfun close(o: Order) {\n    GlobalScope.launch { save(o) }\n}", line=4),
        kotlin(
            "import kotlinx.coroutines.*\n\nfun close(o: Order) {\n"
            "    val saved = CoroutineScope(Dispatchers.IO).async { save(o) }\n    show(saved)\n}",
            line=4,
        ),
        kotlin("suspend fun close(o: Order) = coroutineScope {\n    launch(Job()) { save(o) }\n}", line=2),
        kotlin("suspend fun close(o: Order) {\n    withContext(io + SupervisorJob()) { save(o) }\n}", line=2),
    )
    good = (
        kotlin("suspend fun close(o: Order) = coroutineScope {\n    launch { save(o) }\n}"),
        kotlin(
            "import kotlinx.coroutines.*\n\nclass A {\n"
            "    private val scope = CoroutineScope(SupervisorJob() + Dispatchers.IO)\n"
            "    fun close(o: Order) {\n        scope.launch { save(o) }\n    }\n}"
        ),
        kotlin("@OptIn(DelicateCoroutinesApi::class)\nfun close(o: Order) {\n    GlobalScope.launch { save(o) }\n}"),
        kotlin(
            "fun close(o: Order) {\n    @OptIn(DelicateCoroutinesApi::class)\n    GlobalScope.launch { save(o) }\n}"
        ),
        kotlin(
            "@file:OptIn(DelicateCoroutinesApi::class)\nfun close(o: Order) {\n    GlobalScope.launch { save(o) }\n}"
        ),
        kotlin("fun close(r: Rocket) {\n    r.launch(Job())\n    GlobalScope.launch()\n}"),
        kotlin("fun launch(job: Job, block: () -> Unit) {}\nfun close() {\n    launch(Job()) { save() }\n}"),
        kotlin("fun close(pool: Pool) {\n    GlobalScope.register { save() }\n    pool.launch { save() }\n}"),
        kotlin("fun f() {\n    scopeOf(view).launch { poll() }\n}"),
    )
