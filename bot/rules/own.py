"""What a call means where it calls a function of its very own file."""

from bot.syntax import Call, Class, Function, Node, Shape, text_of

LOCAL = "./"
_MADE = frozenset({"local_variable_declaration", "lexical_declaration", "property_declaration"})


def own_functions(call: Call) -> list[Function]:
    """The functions of this file that a call may mean (several where they are overloaded); empty where that is not
    certain."""
    kept: list[Function] | None = call.__dict__.get("own_functions")
    if kept is None:  # several rules ask
        kept = call.__dict__["own_functions"] = _own_functions(call)
    return kept


def _own_functions(call: Call) -> list[Function]:
    file = call.file
    if call.receiver is not None and not file.functions_named(call.method) and not file.hides(call.method):
        return []
    if call.method.startswith("#"):  # nobody but the class itself can name it, whatever stands before the dot
        within = next((class_.name for class_ in call.around(Class)), "")
        return [function for function in file.functions_named(call.method) if function.enclosing_class == within]
    if call.name.startswith(LOCAL):
        *owner, method = call.name.removeprefix(LOCAL).split(".")
        same = file.functions_named(method)
        if owner:
            members = [function for function in same if function.enclosing_class == owner[-1]]
            return members or [function for function in same if _extends(function, owner[-1])]
        return _nearest([function for function in same if _can_be_called_bare(function, call)])
    if call.receiver is not None or call.name or not call.method:
        return []
    kept = [function for function in file.functions_named(call.method) if function.is_anonymous]
    if len(kept) != 1:
        return []
    bound = [binding for binding in file.bindings if text_of(binding.target) == call.method]
    shadowed = any(call.method in around.parameters for around in call.around(Function))
    return kept if len(bound) == 1 and not shadowed and _is_in_sight(kept[0], call) else []


def _extends(function: Function, owner: str) -> bool:
    """C#'s `static void Save(this Order order)`, called as `order.Save()`."""
    given = function.node.child_by_field_name("parameters")
    first = text_of(given.named_children[0]).split() if given is not None and given.named_children else []
    return first[:2] == ["this", owner]


def _can_be_called_bare(function: Function, call: Call) -> bool:
    if not _is_in_sight(function, call):
        return False
    if not function.enclosing_class or function.function is not None:
        return True
    is_member = call.file.language.fields_are_bare
    return is_member and any(function.enclosing_class == shape.name for shape in call.around(Class))


def _is_in_sight(function: Function, call: Call) -> bool:
    around = function.function
    return around is None or around in call.around(Function)


def _nearest(functions: list[Function]) -> list[Function]:
    """Those written nearest to the call: what lies further out is hidden by them."""
    if len(functions) < 2:
        return functions
    depth = max((_depth(function) for function in functions), default=0)
    return [function for function in functions if _depth(function) == depth]


def _depth(function: Function) -> int:
    return sum(isinstance(shape, Class | Function) for shape in function.around(Shape))


def gives_future(function: Function) -> bool:
    """True where its result comes later: by its header (`async`, `Promise<…>`, `Task`, `Future<…>`), or because a
    `return` gives a promise made there."""
    file = function.file
    if function.returns == "void":
        return False
    if function.is_async and file.language.name == "kotlin":
        return False  # who calls a suspend function waits for it
    if is_wrapped(function.node):
        return False
    if function.is_async or function.returns.rsplit(".", 1)[-1] in file.language.futures:
        return True
    if file.language.name == "rust":
        return "Future<" in text_of(file.language.returned_type(function.node))
    if not file.language.name.endswith("script") or function.returns:
        return False
    made = [call for call in file.within(file.calls, function.node) if call.use == "returned"]
    return any(call.function is function and _makes_promise(call) for call in made)


def is_wrapped(function: Node) -> bool:
    """Under a decorator of Python's, which may make anything of it."""
    return (
        function.parent is not None  # unprovable: narrows the type
        and function.parent.type == "decorated_definition"
    )


def _makes_promise(call: Call) -> bool:
    return call.name == "Promise" or call.name.startswith("Promise.")


def is_one_try(function: Function) -> bool:
    """True where its whole body is one try with a handler: it settles its failures by itself."""
    return function.body is not None and _is_one_try(function.body, function)


def is_loop_of_tries(function: Function) -> bool:
    """True where its whole body is one loop that makes what it needs and then is one try."""
    statements = _statements(function.body)
    looped = statements[0].child_by_field_name("body") if len(statements) == 1 else None
    return looped is not None and _is_one_try(looped, function, _MADE)


def given_functions(call: Call) -> list[Function]:
    """What a call is given to run: written in place, else named, or kept under a name: `Runnable task = () -> …`."""
    file = call.file
    if written := file.within(file.functions, call.node)[:1]:
        return written
    around = call.function.node if call.function is not None else None
    here = file.within(file.bindings, around)
    found: list[Function] = []
    for argument in call.arguments:
        kept = [one.value for one in here if text_of(one.target) == argument.text]
        made = [inner for inner in file.within(file.functions, kept[0])[:1] if inner.node == kept[0]] if kept else []
        found += made if len(kept) == 1 and made else file.functions_named(argument.text.rpartition("::")[2])
    return found


def _is_one_try(body: Node, function: Function, beside: frozenset[str] = frozenset()) -> bool:
    statements = [statement for statement in _statements(body) if statement.type not in beside]
    return len(statements) == 1 and any(attempt.node == statements[0] for attempt in function.file.tries)


def _statements(body: Node | None) -> list[Node]:
    return [child for child in body.named_children if "comment" not in child.type] if body is not None else []
