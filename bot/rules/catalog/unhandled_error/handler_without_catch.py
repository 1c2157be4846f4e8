"""A cloud function that lets every failure fall through."""

from bot.domain import Severity
from bot.regex import regex
from bot.rules.rule import Alarm, Rule, csharp, python
from bot.syntax import Call, Finally, Function, Handler, Shape, SourceFile, Try, text_of

MARKS = regex(r"^(?:[\w.:]+[.:])?(?:FunctionName|Function)(?:Attribute)?$")
"""Attributes that make a method of .NET an Azure Function."""
ALL = frozenset({"Exception", "System.Exception"})
CLOUD = regex(r"^(?:boto3|botocore|aioboto3)\.")
ASKS = frozenset({"client", "resource", "Session", "get_paginator", "get_waiter", "exceptions"})


class HandlerWithoutCatch(Rule):
    """## What it finds
    An Azure Function in C# that calls something outside of any `try` with a `catch` for all; and a Lambda function in
    Python that calls a service of the cloud outside of any `try`.

    ## Why it matters
    What is thrown there ends in the platform. It answers with a bare 500, or repeats the message until it is dropped,
    and the log has a stack trace but not the order it was about.

    ## Use instead
    One `try` around the work, which logs what it was about and decides between an answer, a repeat and a dead letter.
    """

    name = "unhandled-error/handler-without-catch"
    severity = Severity.LOW
    languages = ("python", "csharp")
    needs = (b"boto", b"Function(", b"FunctionName", b"FunctionAttribute")
    confidence = 0.45

    def check_function(self, function: Function, file: SourceFile) -> Alarm | None:
        if file.language.name == "python":
            first = self._unguarded_cloud_call(function, file) if _is_lambda(function) else None
        else:
            first = self._unguarded_call(function, file) if _is_azure_function(function) else None
        if first is None:
            return None
        return Alarm(
            function,
            f"Failures of `{function.name}` end in the platform"[:80],
            f"Where `{first.written}` fails, nothing here deals with it: the caller gets a bare error, or the message "
            "comes again until it is dropped. The log does not say which order or request it was about.",
            "Put the work into a `try` that logs what it was about and decides what the caller gets.",
            last_line=function.start_line,
        )

    def _unguarded_call(self, function: Function, file: SourceFile) -> Call | None:
        """The first call of the function itself whose exceptions nobody catches."""
        for call in file.within(file.calls, function.body):
            if call.function is not function or call.node.type != "invocation_expression" or call.method == "nameof":
                continue
            if not any(self._catches(guard, call) for guard in call.around(Shape)):
                return call
        return None

    def _catches(self, shape: Shape, call: Call) -> bool:
        if isinstance(shape, Handler):
            return True  # what the handler does about a failure is its own business
        if any(one.outer is shape for one in call.around(Finally)):
            return False
        handlers = [one for one in call.file.handlers if one.guarded is shape]
        return any(self._takes_all(one) for one in handlers)

    def _takes_all(self, handler: Handler) -> bool:
        filtered = any(child.type == "catch_filter_clause" for child in handler.node.children)
        return not filtered and (
            not handler.caught_nodes or any(text_of(one).rsplit(":")[-1] in ALL for one in handler.caught_nodes)
        )

    def _unguarded_cloud_call(self, function: Function, file: SourceFile) -> Call | None:
        for call in file.within(file.calls, function.body):
            if call.function is not function or call.method in ASKS or next(call.around(Try), None) is not None:
                continue
            if CLOUD.match(call.name) and call.receiver is not None and len(call.name.split(".")) > 2:
                return call
        return None

    bad = (
        csharp('class A { [FunctionName("f")]\n  public static void Run(Order o) {\n    Save(o);\n} }'),
        csharp(
            'class A { [Function("f")]\n  public void Run(Order o) {\n    try { Save(o); } catch (X) { }\n} }',
        ),
        csharp('class A { [Function("f")]\n  public void Run(Order o) {\n    try { } finally { Close(o); }\n} }'),
        python(
            "import boto3\ns3 = boto3.client('s3')\ndef lambda_handler(event, context):\n    s3.put_object(Key='a')",
            line=3,
        ),
        csharp(
            'class A { [Function("f")]\n  public void Run(Order o) {\n'
            "    try { Save(o); } finally { try { } catch (Exception) { } }\n} }"
        ),
        csharp(
            'class A { [Function("f")]\n  public void Run(Order o) {\n'
            "    try { log = null; } catch (Exception) { } finally { Close(o); }\n} }"
        ),
        csharp(
            'class A { [Function("f")]\n  public void Run(Order o) {\n'
            "    try { Save(o); } catch (Exception e) when (e is Late) { } catch (Gone) { }\n} }"
        ),
    )
    good = (
        csharp(
            'class A { [Function("f")] public void Run(Order o) { try { Save(o); } catch (Exception e) { L(e); } } }'
        ),
        csharp('class A { [Function("f")] public void Run(Order o) { try { Save(o); } catch { Close(o); } } }'),
        csharp('class A { [Function("f")] public int Run(Order o) { each = x => Save(x); return 1; } }'),
        csharp('class A { [Http("f")] public void Run(Order o) { Save(o); } }'),
        python(
            "import boto3\ns3 = boto3.client('s3')\ndef lambda_handler(event, context):\n    try:\n"
            "        s3.put_object(Key='a')\n    except ClientError:\n        log()"
        ),
        python("import boto3\ns3 = boto3.client('s3')\ndef save(event):\n    s3.put_object(Key='a')"),
        python("def lambda_handler(event, context):\n    save(event)"),
        python("import boto3\ndef lambda_handler(event, context):\n    return boto3.client('s3')"),
        csharp(
            'class A { [Function("f")]\n  public void Run(Order o) { var page = new Page(o); Keep = nameof(Run); } }'
        ),
        csharp(
            'class A { [Function("f")]\n'
            "  public void Run(Order o) { try { Save(o); } catch (Exception e) { Log(e); } } }"
        ),
        python(
            "import boto3\ns3 = boto3.client('s3')\ndef lambda_handler(event, context):\n"
            "    pages = s3.get_paginator('list_objects')"
        ),
        python("import boto3\ndef lambda_handler(event, context):\n    return [len(event), str(context)]"),
        python("from boto3.session import Session\ndef lambda_handler(event, context):\n    return boto3.setup()"),
        python(
            "import boto3\nfrom boto3.dynamodb.conditions import Key\ndef lambda_handler(event, context):\n"
            "    return Key('a')"
        ),
        python("import boto3\ndef lambda_handler(event, context):\n    boto3.set_stream_logger('')"),
        python(
            "import boto3\ns3 = boto3.client('s3')\ndef lambda_handler(event, context):\n    def later():\n"
            "        s3.put_object(Key='a')\n    return later"
        ),
        csharp('class A { [Function("f")]\n  public void Run(Order o) { try { all = o; } catch (X e) { Log(e); } } }'),
        python("import boto3\ndef lambda_handler(event, context):\n    return queue.jobs.put(event)"),
        csharp(
            'class A { [Function("f")]\n  public void Run(Order o) {\n'
            "    try { try { n = 1; } finally { Close(o); } } catch (Exception e) { Log(e); }\n} }"
        ),
    )


def _is_lambda(function: Function) -> bool:
    return list(function.parameters)[:2] == ["event", "context"]


def _is_azure_function(function: Function) -> bool:
    marks = [
        text_of(one.child_by_field_name("name")) for child in function.node.children for one in child.named_children
    ]
    return any(MARKS.match(mark) for mark in marks)
