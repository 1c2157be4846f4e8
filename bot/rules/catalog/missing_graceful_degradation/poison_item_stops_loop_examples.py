"""Further examples of `missing-graceful-degradation/poison-item-stops-loop`: one for each of its conditions."""

from bot.rules.rule import csharp, go, java, javascript, python

_GO = 'import amqp "github.com/rabbitmq/amqp091-go"\n\nfunc consume(orders <-chan amqp.Delivery) {\n'
_GO += "\tfor d := range orders {\n"
_PYTHON = "import pika\n\ndef on_order(ch, method, properties, body):\n    try:\n        place(body)\n"

FURTHER_BAD = (
    python(_PYTHON + "    except:\n        ch.basic_reject(method.delivery_tag)", line=7),
    python(
        "import aio_pika\n\nasync def on_order(message):\n    try:\n        await place(message.body)\n"
        "    except (ValueError, Gone):\n        await message.reject(requeue=True)",
        line=7,
    ),
    go(  # a package of its own between this and the client
        "func consume(m *mq.Queue) {\n\tfor d := range m.Deliveries() {\n\t\tvar o Order\n"
        "\t\tif err := json.Unmarshal(d.Body, &o); err != nil {\n\t\t\td.Nack(false, true)\n\t\t\tcontinue\n\t\t}\n"
        "\t\td.Ack(false)\n\t}\n}",
        line=5,
    ),
    go(  # the failure to send it back is looked at
        _GO + "\t\tif err := place(d); err != nil {\n\t\t\tif no := d.Nack(false, true); no != nil {\n"
        "\t\t\t\tlog.Println(no)\n\t\t\t}\n\t\t}\n\t}\n}",
        line=6,
    ),
    javascript(
        "import amqp from 'amqplib';\nasync function onMail(msg) {\n  try {\n    await send(msg);\n"
        "  } catch (e) {\n    channel.nack(msg); // requeue for retry\n  }\n}",
        line=6,
    ),
    csharp(
        "using RabbitMQ.Client;\nclass A { void OnOrder(IModel channel, ulong tag) {\n  try { Place(); }\n"
        "  catch (Exception x) {\n    if (!channel.BasicReject(tag, true)) Log(x);\n  }\n} }",
        line=5,
    ),
)
FURTHER_GOOD = (
    python(  # another library
        "import mine\n\ndef on_order(ch, method, body):\n    try:\n        place(body)\n    except Exception:\n"
        "        ch.basic_nack(method.tag, requeue=True)"
    ),
    python(  # the broker counts
        "import pika\n\nQUORUM = {'x-queue-type': 'quorum'}\n\ndef on_order(ch, method, body):\n    try:\n"
        "        place(body)\n    except Exception:\n        ch.basic_nack(method.delivery_tag)"
    ),
    python(
        _PYTHON
        + "    except Exception:\n        time.sleep(5)\n        ch.basic_nack(method.delivery_tag, requeue=True)"
    ),
    python("import pika\n\ndef stop(ch, tag):\n    ch.basic_nack(tag, requeue=True)"),
    python("import pika\n\ndef stop(ch, tag):\n    try:\n        ch.basic_nack(tag)\n    except:\n        raise"),
    python(_PYTHON + "    except Exception:\n        ch.basic_nack(**answer)"),
    python(_PYTHON + "    except Exception:\n        basic_nack(method.delivery_tag)"),
    python(_PYTHON + "    except Exception:\n        ch.basic_nack()"),
    python(_PYTHON + "    except Exception:\n        ch.nack(method.delivery_tag)"),
    python(_PYTHON + "    except Exception:\n        later(lambda: ch.basic_nack(method.delivery_tag))"),
    python(_PYTHON + "    except Exception:\n        ch.process(body, requeue=True)"),
    python(
        "import aio_pika\n\nasync def on_order(message):\n    async with message.process(requeue=False):\n"
        "        await place(message.body)"
    ),
    python("import aio_pika\n\nasync def on_order(message):\n    async with message.process():\n        await place()"),
    python(
        "import aio_pika\n\nasync def on_order(message):\n    async with message.hold(requeue=True):\n"
        "        await place(message)"
    ),
    javascript(
        "import amqp from 'amqplib';\nasync function onOrder(msg) {\n  try {\n    await place(msg);\n"
        "  } catch (e) {\n    if (e.transient) channel.nack(msg);\n    else channel.reject(msg, false);\n  }\n}"
    ),
    go(_GO + "\t\tif err := place(d); err != nil {\n\t\t\td.Nack(true, false)\n\t\t}\n\t}\n}"),
    go(_GO + "\t\tif err := d.Nack(false, true); err != nil {\n\t\t\tlog.Println(err)\n\t\t}\n\t}\n}"),
    java(
        "import com.rabbitmq.client.Channel;\nclass A { void onOrder(Message m, Channel c, long tag) {\n"
        "  try { place(m); }\n  catch (Exception e) { c.basicNack(tag, true, again(e)); }\n} }"
    ),
)
