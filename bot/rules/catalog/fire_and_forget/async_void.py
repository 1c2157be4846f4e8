"""An async method that nobody can wait for, and whose exception ends the process."""

import re
from dataclasses import replace

from bot.domain import Severity
from bot.regex import regex
from bot.rules.own import is_one_try, own_functions
from bot.rules.rule import Alarm, Edit, Example, Rule, csharp
from bot.rules.weighing import SHOWN_ONLY
from bot.syntax import Call, Function, SourceFile, text_of

TAKES_ACTIONS = frozenset(
    {"ForEach", "Parallel.For", "Parallel.ForEach", "Parallel.Invoke", "Timer", "Action", "Thread"}
)
"""Calls that take a delegate without a result, by method or type and method."""
_EVENT = regex(r"(?:EventArgs|Args|Event)\??$")
_WINDOWS_OWN = regex(
    r"^On\w*(?:Clicked|Click|Tapped|Pressed|Toggled)$|^\w+_(?:\w*Click|Tapped|Loaded|Closing|\w+Changed)$"
)
"""Handlers by the names that people and designers of windows give them."""
_DRAWS = regex(rb"\busing (?:static )?(?:System\.Windows|Avalonia|Microsoft\.(?:Maui|UI\.Xaml)|Xamarin|Windows\.UI)\b")
_OF_A_WINDOW = regex(r"(?:^|/)(?:[\w.]+\.)?(?:GUI|Gui|UI|TrayIcon|WinForms|Wpf|WPF|Maui)/")
"""Where somebody watches, and most of what is `async void` answers an event."""


class AsyncVoid(Rule):
    """## What it finds
    `async void` on a method that is no event handler, and an async lambda where an `Action` is taken
    (`list.ForEach(async …)`, `Parallel.ForEach`, `new Timer(async …)`, a method of this file).

    ## Why it matters
    There is no task that could carry its exception. It is raised on the thread pool, where nothing catches it, and
    .NET ends the whole process; and whoever called it goes on before the work is done.

    ## Use instead
    `async Task`, awaited by the caller; `foreach` with `await`, or `Parallel.ForEachAsync`.
    """

    name = "fire-and-forget/async-void"
    severity = Severity.HIGH
    covered_by = ("dotnet:VSTHRD100", "sonar:csharpsquid:S3168")
    languages = ("csharp",)
    confidence = 0.9

    def check_function(self, function: Function, file: SourceFile) -> Alarm | None:
        if not function.is_async or function.returns != "void" or file.path.endswith(".xaml.cs"):
            return None  # a window's own code, which somebody watches
        types = [text_of(type_) for type_ in function.parameters.values()]
        handles_event = len(types) == 2 and (_EVENT.search(types[1]) or types[0].rstrip("?") in ("object", "Object"))
        handles_event = handles_event or bool(types and _PROPERTY.search(types[0]))
        if handles_event or file.language.modifiers(function.node) & {"override"} or is_one_try(function):
            return None
        if _WINDOWS_OWN.search(function.name) or _is_given_to_event(function):
            return None  # an event takes nothing else
        written = file.language.returned_type(function.node)
        edits = (
            (Edit(written.start_byte, written.end_byte, "Task"),)
            if written is not None  # unprovable: narrows the type
            else ()
        )
        alarm = self._alarm(
            function,
            f"`{function.name}` is `async void`",
            "Make it `async Task` and await it.",
            edits,
            function.start_line,
        )
        draws = _DRAWS.search(file.text) or _OF_A_WINDOW.search(file.path)
        return replace(alarm, confidence=SHOWN_ONLY) if draws else alarm

    def check_call(self, call: Call, file: SourceFile) -> list[Alarm]:
        if not file.within(file.functions, call.node):  # unprovable: only saves time
            return []
        given = [
            (index, function)
            for index, argument in enumerate(call.all_arguments)
            for function in file.within(file.functions, argument.node)
            if function.node == argument.node and function.is_async
        ]
        return [
            self._alarm(call, f"`{call.written}` takes this async lambda as `async void`", _FIX, (), call.start_line)
            for index, function in given
            if self._takes_action(call, index) and not is_one_try(function)
        ]

    def _takes_action(self, call: Call, index: int) -> bool:
        own = own_functions(call)
        if own:
            types = [list(function.parameters.values()) for function in own]
            taken = [text_of(given[index]).split("<")[0].split(".")[-1] for given in types if len(given) > index]
            return bool(taken) and all(type_ == "Action" for type_ in taken)
        owner = text_of(call.receiver).rsplit(".", 1)[-1]
        if owner == "Parallel":
            return f"Parallel.{call.method}" in TAKES_ACTIONS
        is_new = call.node.type == "object_creation_expression"
        return call.method in TAKES_ACTIONS and (is_new or call.method == "ForEach")

    def _alarm(self, at: Function | Call, title: str, fix: str, edits: tuple[Edit, ...], last_line: int) -> Alarm:
        return Alarm(
            at,
            title[:80],
            "Nothing can wait for this work or catch what it throws. When it fails, the exception is raised on the "
            "thread pool and ends the process, with every other request in it.",
            fix,
            edits,
            last_line=last_line,
        )

    bad = (
        csharp("class A {\n  async void Save(Order o) { await db.Put(o); }\n}", line=2),
        csharp("class A {\n  async void Save(Order o, int tries) { await db.Put(o); }\n}", line=2),
        csharp("class A { void F() {\n  orders.ForEach(async o => await Save(o));\n} }", line=2),
        csharp("class A { void F() {\n  Parallel.ForEach(orders, async o => { await Save(o); });\n} }", line=2),
        csharp("class A { void F() {\n  timer = new Timer(async _ => await Poll(), null, 0, 9);\n} }", line=2),
        csharp("class A { void F() {\n  Later(async () => await Poll()); }\n  void Later(Action a) { }\n}", line=2),
        csharp(
            "class A { void F() {\n  Later(async () => await Poll()); }\n  void Later(Action a) { }\n"
            "  void Later() { }\n}",
            line=2,
        ),
        csharp(
            "class A { void F() {\n  Parallel.For(0, 9, async n => await Save(n));\n} }",
            line=2,
        ),
        csharp(  # it is added up, and another's handler
            "class A { void F() { sum += Save; list.Moved += other.Saving; }\n"
            "  async void Saving(Item it) { await Put(it); } }",
            line=2,
        ),
        csharp("using Avalonia.Controls;\nclass A {\n  async void Load() { await view.Ready(); }\n}", line=3),
        Example("csharp", "class A { async void Load() { await view.Ready(); } }", path="src/GUI/Main.cs"),
    )
    good = (
        csharp("class A { async void OnSaveClicked() { await Save(); } }"),
        csharp("class A { async void Save_Click(Button by) { await Save(); } }"),
        csharp(
            "class A { void F() { list.Moved += this.OnMoved; }\n  async void OnMoved(Item it) { await Save(it); } }"
        ),
        Example("csharp", "class A { async void Load() { await view.Ready(); } }", path="src/Main.xaml.cs"),
        csharp("class A { static async void Changed(BindableObject o, object was, object now) { await Draw(o); } }"),
        csharp("class A { async Task Save(Order o) { await db.Put(o); } }"),
        csharp("class A { async void OnClick(object sender, EventArgs e) { await Save(); } }"),
        csharp("class A { async void OnMessage(Bus bus, MessageEventArgs e) { await Save(); } }"),
        csharp("class A { protected override async void OnStart() { await Save(); } }"),
        csharp("class A { async void Save() { try { await db.Put(o); } catch (Exception e) { Log(e); } } }"),
        csharp("class A { void F() { orders.ForEach(o => Save(o)); } }"),
        csharp("class A { void F() { Task.Run(async () => await Poll()); } }"),
        csharp("class A { void F() { Parallel.ForEachAsync(orders, async (o, ct) => await Save(o)); } }"),
        csharp("class A { void F() { Later(async () => await Poll()); }\n  void Later(Func<Task> a) { } }"),
        csharp("class A { void F() { button.Click += async (s, e) => await Save(); } }"),
        csharp(
            "class A { void F() { worker = new Worker(async () => await Poll()); jobs.Action(async () => "
            "await Poll()); } }",
        ),
        csharp("class A { async void OnTick(object sender, int count) { await Save(count); } }"),
        csharp("class A { void F() { orders.ForEach(o => all.Add(Task.Run(async () => await Save(o)))); } }"),
        csharp(
            "class A { void F() { orders.ForEach(async o => { try { await Save(o); } "
            "catch (Exception e) { Log(e); } }); } }"
        ),
        csharp("class A { void F() { Later(0, async () => await Poll()); }\n  void Later(int times) { } }"),
        csharp(
            "class A { void F() { worker = new Thread(async delegate () { try { await Poll(); } catch (Exception e) { "
            "Log(e); } }); } }"
        ),
    )


_PROPERTY = regex(r"(?:^|\.)(?:BindableObject|DependencyObject)$")
"""What the callback of a changed property is given first; its signature is the framework's."""
_FIX = "Use `foreach` with `await`, or something that takes a `Func<Task>`, such as `Parallel.ForEachAsync`."


def _is_given_to_event(function: Function) -> bool:
    """`list.Moved += OnMoved` in the same file."""
    name = re.escape(function.name).encode()
    return re.search(rb"\+=\s*(?:this\.)?" + name + rb"\s*;", function.file.text) is not None
