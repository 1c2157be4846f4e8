"""Rust's futures: made, and then never awaited."""

from collections.abc import Iterator

from bot.rules.own import gives_future, own_functions
from bot.syntax import Call, Shape, SourceFile, text_of


def is_future(call: Call) -> bool:
    """True where every function of this file that a call may mean gives a future."""
    own = own_functions(call)
    return bool(own) and not call.is_awaited and all(gives_future(function) for function in own)


def dropped_futures(file: SourceFile) -> Iterator[tuple[Shape, Call | None]]:
    """`let _ = future;`: the binding, and the call that made the future."""
    for binding in file.bindings:
        made = file.origin(binding.value, binding) if text_of(binding.target) == "_" else None
        if made is not None and file.call_at(binding.value) is None and binding.type is None and is_future(made):
            yield binding, made


def nested_blocks(file: SourceFile) -> Iterator[tuple[Shape, Call | None]]:
    """An `async` block whose value is another one."""
    for function in file.functions:
        body = function.body if function.node.type != "function_item" and function.is_async else None
        last = body.named_children[-1] if body is not None and body.named_children else None
        if last is not None and last.type == "expression_statement":
            last = last.named_children[0]
        said = b"clippy::" in file.line_bytes(function.start_line - 1)
        if last is not None and last.type == "async_block" and not said:
            yield Shape(last, file, function), None
