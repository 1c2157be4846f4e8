"""A message that fails each time it is tried, and that nobody ever sets aside."""

from bot.domain import Severity
from bot.regex import regex
from bot.rules.catalog.missing_graceful_degradation.poison_item_stops_loop_examples import FURTHER_BAD, FURTHER_GOOD
from bot.rules.rule import Alarm, Rule, csharp, go, java, javascript, python, ruby, typescript
from bot.syntax import Call, Handler, SourceFile

REQUEUES = {
    "python": {"basic_nack": (2, True), "basic_reject": (1, True), "nack": (9, False), "reject": (9, False)},
    "javascript": {"nack": (2, True), "reject": (1, True)},
    "typescript": {"nack": (2, True), "reject": (1, True)},
    "go": {"Nack": (1, False), "Reject": (0, False)},
    "java": {"basicNack": (2, False), "basicReject": (1, False)},
    "csharp": {"BasicNack": (2, False), "BasicNackAsync": (2, False)}
    | {"BasicReject": (1, False), "BasicRejectAsync": (1, False)},
    "ruby": {"nack": (2, False), "reject": (1, False), "basic_nack": (2, False), "basic_reject": (1, False)},
}
"""Language → method → the position of its `requeue`, and what that is by default. 9: by its name alone."""
AMQP = regex(rb"(?i)amqp|rabbit|rmq|pika|bunny|\.nack\((?:false|true), true\)")
LIMITS = regex(rb"(?i)redeliver|x-death|delivery.?(?:count|limit)|quorum")
COUNTS = regex(
    r"(?i)attempt|tries\b|retries|retry_?(?:count|limit|after)|sleep|delay|backoff|setTimeout|wait\(|time\.After"
)
BROAD = frozenset({"Exception", "BaseException", "Throwable", "StandardError", "RuntimeException", "ValueError"})
BROAD |= {"JSONDecodeError", "JsonException", "JsonProcessingException", "KeyError", "JSON::ParserError"}
BRANCHES = frozenset({"if_statement", "elif_clause", "else_clause", "if", "if_modifier", "unless", "switch_statement"})
BRANCHES |= {"conditional_expression", "ternary_expression", "expression_switch_statement", "case"}


class PoisonItemStopsLoop(Rule):
    """## What it finds
    A consumer of RabbitMQ whose handler for failures puts the message back into the queue (`requeue=True`, and where a
    client does so by default), whatever the failure was and however often the message has come back. Where the file
    speaks of `x-death`, `redelivered`, a delivery limit or a quorum queue, and where the handler pauses or counts,
    nothing is said.

    ## Why it matters
    A message that cannot be handled (a missing field, a bug, a row that is gone) fails the same way each time. The
    broker delivers it again within a millisecond: consumers spin on it, the log fills, and with a few of them in the
    prefetch window nothing else gets through. RabbitMQ's manual warns of this loop (*Negative Acknowledgements*), and
    its quorum queues limit deliveries to 20 since version 4.0 for this reason.

    ## Use instead
    `requeue=False` with a dead-letter exchange, which parks the message and its reason; for failures that pass, a
    counted retry with a pause (`x-delivery-limit`, or a retry queue with a TTL).
    """

    name = "missing-graceful-degradation/poison-item-stops-loop"
    severity = Severity.HIGH
    languages = ("python", "javascript", "typescript", "go", "java", "csharp", "ruby")
    methods = frozenset({"process", *(method for methods in REQUEUES.values() for method in methods)})
    confidence = 0.8

    def check_call(self, call: Call, file: SourceFile) -> Alarm | None:
        if not AMQP.search(file.text) or LIMITS.search(file.text):
            return None
        if _requeues(call) and (handler := _failure_of(call)) is not None and not COUNTS.search(handler.text):
            return self._alarm(call, "this handler")
        if call.method == "process" and _given(call, 9) == "True" and call.use == "managed":
            return self._alarm(call, "this section")
        return None

    def _alarm(self, call: Call, where: str) -> Alarm:
        return Alarm(
            call,
            "A message that always fails is put back into the queue for ever",
            f"Whatever goes wrong, {where} sends the message back, and the broker delivers it again at once. One that "
            "can never be handled, for a field it lacks or for a bug, comes round without end: consumers spin on it "
            "and the messages behind it wait.",
            "Reject it without requeue into a dead-letter queue; retry only what may pass, counted and with a pause.",
            last_line=call.start_line,
        )

    bad = (
        python(
            "import pika\n\ndef on_order(ch, method, properties, body):\n    try:\n        place(json.loads(body))\n"
            "        ch.basic_ack(method.delivery_tag)\n    except Exception:\n        log.exception('order')\n"
            "        ch.basic_nack(delivery_tag=method.delivery_tag, requeue=True)",
            line=9,
        ),
        python(
            "import aio_pika\n\nasync def on_order(message):\n    async with message.process(requeue=True):\n"
            "        await place(message.body)",
            line=4,
        ),
        javascript(
            "import amqp from 'amqplib';\nchannel.consume('orders', async (msg) => {\n  try {\n"
            "    await place(JSON.parse(msg.content));\n    channel.ack(msg);\n  } catch (e) {\n    log.error(e);\n"
            "    channel.nack(msg);\n  }\n});",
            line=8,
        ),
        typescript(
            "import * as amqp from 'amqplib';\nasync function onOrder(channel: Channel, msg: Message) {\n  try {\n"
            "    await place(msg.content);\n  } catch (e) {\n    channel.nack(msg, false, true);\n  }\n}",
            line=6,
        ),
        go(
            'import amqp "github.com/rabbitmq/amqp091-go"\n\nfunc consume(orders <-chan amqp.Delivery) {\n'
            "\tfor d := range orders {\n\t\tif err := place(d.Body); err != nil {\n\t\t\tlog.Println(err)\n"
            "\t\t\t_ = d.Nack(false, true)\n\t\t\tcontinue\n\t\t}\n\t\td.Ack(false)\n\t}\n}",
            line=7,
        ),
        java(
            "import com.rabbitmq.client.Channel;\nclass A { void onOrder(Message m, Channel c, long tag) {\n"
            '  try { place(m); c.basicAck(tag, false); }\n  catch (Exception e) { log.error("order", e);\n'
            "    c.basicNack(tag, false, true); }\n} }",
            line=5,
        ),
        csharp(
            "using RabbitMQ.Client;\nclass A { async Task OnOrder(IChannel channel, BasicDeliverEventArgs e) {\n"
            "  try { await Place(e.Body); }\n  catch (Exception x) {\n"
            "    await channel.BasicNackAsync(e.DeliveryTag, false, requeue: true);\n  }\n} }",
            line=5,
        ),
        ruby(
            "require 'bunny'\nqueue.subscribe(manual_ack: true) do |info, _, body|\n  begin\n    place(body)\n"
            "  rescue StandardError => e\n    channel.nack(info.delivery_tag, false, true)\n  end\nend",
            line=6,
        ),
        *FURTHER_BAD,
    )
    good = (
        python(
            "import pika\n\ndef on_order(ch, method, properties, body):\n    try:\n        place(json.loads(body))\n"
            "    except Exception:\n        log.exception('order')\n"
            "        ch.basic_nack(delivery_tag=method.delivery_tag, requeue=False)"
        ),
        javascript(
            "import amqp from 'amqplib';\nasync function onOrder(msg) {\n  try {\n    await place(msg);\n"
            "  } catch (e) {\n    channel.nack(msg, false, false);\n  }\n}"
        ),
        typescript(  # the first time only
            "import * as amqp from 'amqplib';\nasync function onOrder(msg: Message) {\n  try {\n"
            "    await place(msg);\n  } catch (e) {\n    channel.nack(msg, false, !msg.fields.redelivered);\n  }\n}"
        ),
        go(
            'import amqp "github.com/rabbitmq/amqp091-go"\n\nfunc consume(orders <-chan amqp.Delivery) {\n'
            "\tfor d := range orders {\n\t\tif err := place(d.Body); err != nil {\n\t\t\tif mayPass(err) {\n"
            "\t\t\t\td.Nack(false, true)\n\t\t\t} else {\n\t\t\t\td.Nack(false, false)\n\t\t\t}\n\t\t}\n\t}\n}"
        ),
        java(
            "import com.rabbitmq.client.Channel;\nclass A { void onOrder(Message m, Channel c, long tag) {\n"
            "  try { place(m); }\n  catch (ShuttingDown e) { c.basicNack(tag, false, true); }\n} }"
        ),
        csharp(
            "using RabbitMQ.Client;\nclass A { void OnOrder(IModel channel, ulong tag) {\n  try { Place(); }\n"
            "  catch (Exception) { channel.BasicReject(tag, false); }\n} }"
        ),
        ruby(
            "require 'bunny'\ndef place(info, body)\n  order(body)\nrescue StandardError\n"
            "  channel.nack(info.delivery_tag)\nend"
        ),
        *FURTHER_GOOD,
    )


def _requeues(call: Call) -> bool:
    found = REQUEUES[call.file.language.name].get(call.method)
    if found is None or call.receiver is None or call.has_splat:
        return False
    position, by_default = found
    given = _given(call, position)
    return given.lower() == "true" or (by_default and not given and bool(call.all_arguments))


def _given(call: Call, position: int) -> str:
    """What is said of `requeue`, by name or in its place; empty where nothing is."""
    given = call.keywords.get("requeue") or next(iter(call.arguments[position:]), None)
    return given.text if given is not None else ""


def _failure_of(call: Call) -> Handler | None:
    """The handler of just any failure that always comes to this call."""
    handler = next((one for one in call.around(Handler) if one.holds(call)), None)
    if handler is None or call.function is not handler.function:
        return None
    names = [name.rpartition(".")[2] for name in handler.caught]
    if names and not any(name in BROAD for name in names):
        return None
    node = call.node
    while (
        node.parent is not None  # unprovable: narrows the type
        and node.parent != handler.node
    ):
        condition = (node.parent.child_by_field_name("condition"), node.parent.child_by_field_name("initializer"))
        if node.parent.type in BRANCHES and node not in condition:
            return None
        node = node.parent
    return handler
