"""Guards of Rust's locks: a lock is held for as long as what taking it gave lives."""

from bot.syntax import Call

_TAKES = frozenset({"lock", "read", "write"})


def is_guard(call: Call) -> bool:
    """`m.lock().unwrap()`: a thread's lock. Those of async libraries give a future, on which that does not compile."""
    taken = call.receiver_call
    if call.method not in ("unwrap", "expect") or taken is None:
        return False
    return taken.method in _TAKES and not taken.all_arguments and not taken.is_awaited


def takes_lock(call: Call) -> bool:
    """A call whose result holds a lock: `m.lock()`, `m.lock().unwrap()`, `m.lock().await`."""
    return is_guard(call) or (call.method == "lock" and call.receiver is not None and not call.all_arguments)
