"""A signal that nobody was ready for."""

from bot.domain import Severity
from bot.rules.rule import Alarm, Edit, Rule, go
from bot.syntax import Call, SourceFile


class SignalChannelUnbuffered(Rule):
    """## What it finds
    `signal.Notify` on a channel without a buffer.

    ## Why it matters
    The runtime does not wait: a signal that comes while nobody is reading is dropped. The SIGTERM of a deploy is lost
    now and then, and the service is killed in the middle of its requests.

    ## Use instead
    `make(chan os.Signal, 1)`.
    """

    name = "lost-signal/signal-channel-unbuffered"
    severity = Severity.MEDIUM
    covered_by = ("staticcheck:SA1017", "govet:sigchanyzer")
    languages = ("go",)
    names = frozenset({"os/signal.Notify"})
    needs = (b"Notify",)
    confidence = 0.95

    def check_call(self, call: Call, file: SourceFile) -> Alarm | None:
        if call.name != "os/signal.Notify":
            return None
        made = next((file.origin(channel.node, call.outer) for channel in call.arguments[:1]), None)
        if made is None or made.method != "make" or len(made.arguments) != 1:
            return None
        at = made.arguments[0].node.end_byte
        return Alarm(
            call,
            "A signal that comes while nobody reads is lost",
            "The channel has no buffer, and the runtime drops a signal that cannot be delivered at once. The SIGTERM "
            "of a deploy can go missing like that, and then the service is killed in the middle of its work.",
            "Give the channel room for one: `make(chan os.Signal, 1)`.",
            (Edit(at, at, ", 1"),) if made.start_line == call.start_line else (),
        )

    bad = (
        go(
            'import ("os"; "os/signal")\n\nfunc f() {\n\tc := make(chan os.Signal)\n\tsignal.Notify(c, os.Kill)\n}',
            line=5,
        ),
        go('import ("os"; "os/signal")\n\nfunc f() { signal.Notify(make(chan os.Signal), os.Interrupt) }', line=3),
    )
    good = (
        go('import ("os"; "os/signal")\n\nfunc f() { c := make(chan os.Signal, 1); signal.Notify(c, os.Interrupt) }'),
        go('import ("os"; "os/signal")\n\nfunc f(c chan os.Signal) { signal.Notify(c, os.Interrupt) }'),
        go('import "signal"\n\nfunc f() { c := make(chan int); signal.Notify(c) }'),
        go(
            'import "os/signal"\n\nfunc run() {\n\tstop := room(1)\n\tsignal.Notify(stop)\n}',
        ),
    )
