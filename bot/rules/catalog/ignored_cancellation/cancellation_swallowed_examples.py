"""Further examples of ignored-cancellation/cancellation-swallowed: each proves a condition of the rule."""

from bot.rules.rule import java, kotlin, python

FURTHER_BAD = (
    python(
        "async def run(work, future):\n    try:\n        future.set_result(await work())\n"
        "    except BaseException as error:\n        note(error)\n        future.set_exception(Gone())",
        line=4,
    ),
    python(
        "async def ask(seen):\n    try:\n        seen['answer'] = await peer()\n    except BaseException:\n"
        "        seen['error'] = True",
        line=4,
    ),
    python(
        "import asyncio\nasync def take(lock):\n    while True:\n        try:\n"
        "            await lock.acquire()\n        except asyncio.CancelledError as e:\n"
        "            late = e\n        if late is None:\n            raise Late",
        line=6,
    ),
    python(
        "async def run():\n    while True:\n        try:\n            await poll()\n"
        "        except BaseException as e:\n            log(e)",
        line=5,
    ),
    python(
        "async def run():\n    try:\n        await poll()\n    except:\n        log('failed')\n    await next()",
        line=4,
    ),
    kotlin(
        "suspend fun load(): Order = fetch()\n\nsuspend fun poll() {\n    try {\n        load()\n"
        "    } catch (e: Exception) {\n        log(e)\n    }\n}",
        line=6,
    ),
    kotlin(
        "fun start(scope: CoroutineScope) {\n    scope.launch {\n        try {\n"
        "            reply.await()\n        } catch (_: CancellationException) {\n        }\n    }\n}",
        line=5,
    ),
    kotlin(
        "inline fun timed(block: () -> Unit) = block()\nsuspend fun load() {}\n\n"
        "suspend fun poll() {\n    runCatching { timed { load() } }\n}",
        line=5,
    ),
    kotlin(
        "suspend fun poll(scope: CoroutineScope) {\n    val job = scope.launch { load() }\n"
        "    runCatching { job.join() }\n}",
        line=3,
    ),
    kotlin(
        "suspend fun List<Job>.settle() {}\n\nsuspend fun poll(jobs: List<Job>) {\n"
        "    runCatching { jobs.settle() }\n}",
        line=4,
    ),
    kotlin(
        "suspend fun poll() {\n    try {\n        reply.await()\n"
        "    } catch (e: CancellationException) {\n        throw PollFailed(e)\n    }\n}",
        line=4,
    ),
    kotlin(
        "suspend fun poll() {\n    try {\n        reply.await()\n    } catch (e: Exception) {\n"
        "        // a CancellationException, perhaps\n    }\n}",
        line=4,
    ),
    kotlin(
        "suspend fun poll() {\n    runCatching { load() ?: throw Gone() }.onFailure { log(it) }\n}\n"
        "suspend fun load(): Order? = null",
        line=2,
    ),
    python(
        "import asyncio\nasync def run():\n    try:\n        await poll()\n    except asyncio.CancelledError:\n"
        "        log('stopped')\n    await finish()",
        line=5,
    ),
    python(
        "import asyncio\nasync def run():\n    try:\n        await poll()\n    except asyncio.CancelledError:\n"
        "        raise\n    try:\n        await finish()\n    except BaseException:\n        log('failed')\n"
        "    close()",
        line=9,
    ),
    python(
        "import asyncio\nasync def run():\n    try:\n        await poll()\n    except ValueError:\n"
        "        log('odd')\n    except BaseException:\n        log('failed')\n"
        "    except asyncio.CancelledError:\n        raise\n    close()",
        line=7,
    ),
    java(
        "class A { void run() {\n  try { Thread.sleep(10); }\n  catch (InterruptedException e) { }\n} }",
        line=3,
    ),
    java(
        "class A { void run() {\n  try { future.get(); }\n"
        '  catch (InterruptedException | ExecutionException e) {\n    log.warn("again", e);\n  }\n} }',
        line=3,
    ),
    java(
        "class A { void run() {\n  try { Thread.sleep(10); }\n"
        '  catch (InterruptedException e) { log.warn("again", e); }\n} }',
        line=3,
    ),
    java(
        "class A { void run() {\n  try { Thread.sleep(10); }\n"
        "  catch (InterruptedException e) { running = false; }\n} }",
        line=3,
    ),
    python(
        "import asyncio\nasync def serve(server):\n    while True:\n        try:\n"
        "            await server.accept()\n        except (asyncio.CancelledError, OSError):\n"
        '            log("again")',
        line=6,
    ),
    python(
        "async def run(store, order):\n    try:\n        await store.save(order)\n"
        "    except BaseException as error:\n        log(error)\n    return order",
        line=4,
    ),
    java(
        "class A { void run() {\n  for (int i = 0; i < 5; i++) {\n    try { Thread.sleep(10); }\n"
        "    catch (InterruptedException e) { log(e); }\n  }\n} }",
        line=4,
    ),
)
FURTHER_GOOD = (
    python(
        "import asyncio\nasync def end(steps):\n    failed = []\n    for step in steps:\n        try:\n"
        "            await step()\n        except (Exception, asyncio.CancelledError) as error:\n"
        "            failed.append(error)\n    raise Failed(failed)"
    ),
    python(
        "async def run(work, future):\n    try:\n        future.set_result(await work())\n"
        "    except BaseException as error:\n        future.set_exception(error)"
    ),
    python(
        "async def ask(seen):\n    try:\n        seen['answer'] = await peer()\n    except BaseException as error:\n"
        "        seen['error'] = error"
    ),
    python(
        "async def ask(self):\n    try:\n        return await self.peer.ask()\n    except BaseException as error:\n"
        "        self._raise_gone(error)"
    ),
    python(
        "import asyncio\nasync def take(lock):\n    late = None\n    while True:\n        try:\n"
        "            await lock.acquire()\n            break\n        except asyncio.CancelledError as e:\n"
        "            late = e\n    if late is not None:\n        raise late"
    ),
    python(
        "import asyncio\nasync def stop(task):\n    task.cancel()\n    try:\n        await task\n"
        "    except asyncio.CancelledError:\n        pass\n    log('stopped')"
    ),
    python(
        "async def run():\n    try:\n        await poll()\n    except Exception:\n        log('failed')\n"
        "    await next()"
    ),
    python("def run():\n    try:\n        poll()\n    except BaseException:\n        log('failed')"),
    java("class A { void run() { try { Thread.sleep(1); } catch (InterruptedException e) { throw new Gone(e); } } }"),
    java(
        "class A { void run() { while (open.get() && !gone) { try { Thread.sleep(1); } "
        "catch (InterruptedException e) { open.set(false); } } } }"
    ),
    kotlin(
        "suspend fun load(): Order = fetch()\n\nsuspend fun poll() {\n    try {\n        load()\n"
        "    } catch (e: CancellationException) {\n        throw e\n    } catch (e: Exception) {\n"
        "        log(e)\n    }\n}"
    ),
    kotlin(
        "suspend fun load(): Order = fetch()\n\nsuspend fun poll() {\n    try {\n        load()\n"
        "    } catch (e: IOException) {\n        log(e)\n    }\n}"
    ),
    kotlin(
        "suspend fun load(): Order = fetch()\n\nsuspend fun poll() {\n    try {\n        load()\n"
        "    } catch (e: Exception) {\n        currentCoroutineContext().ensureActive()\n    }\n}"
    ),
    kotlin(
        "suspend fun poll() {\n    runCatching { Thread.sleep(500) }\n"
        "    runCatching { worker.join() }\n    runCatching { scope.launch { load() } }\n    runCatching()\n"
        "}\nsuspend fun load() {}"
    ),
    kotlin(
        "fun later(block: suspend () -> Unit) = scope.launch { block() }\nsuspend fun load() {}\n\n"
        "suspend fun poll() {\n    runCatching { later { load() } }\n    result.runCatching { load() }\n}"
    ),
    kotlin(
        "suspend fun poll() {\n    try {\n        reply.await()\n    } catch (e: Exception) {\n"
        "        throw PollFailed(e)\n    }\n}"
    ),
    kotlin(
        "inline fun later(crossinline block: suspend () -> Unit) = scope.launch { block() }\n"
        "suspend fun load() {}\n\nsuspend fun poll() {\n    runCatching { later { load() } }\n}"
    ),
    kotlin(
        "suspend fun poll() {\n    runCatching { load() }.getOrElse { throw PollFailed(it) }\n"
        "    runCatching { store.load() }\n}\nsuspend fun load() {}"
    ),
    python(
        "try:\n    start()\nexcept BaseException:\n    log('failed')",
    ),
    python(
        "import asyncio\ndef done(task):\n    try:\n        task.result()\n    except asyncio.CancelledError:\n"
        "        log('stopped')\n    finish()",
    ),
    python(
        "import asyncio\nasync def run():\n    try:\n        await poll()\n    except asyncio.CancelledError:\n"
        "        raise\n    except BaseException:\n        log('failed')\n    await finish()",
    ),
    python(
        "async def run():\n    try:\n        load()\n    except BaseException:\n        log('failed')\n"
        "    await finish()",
    ),
    python(  # the task ends here either way
        "import asyncio\nasync def run():\n    try:\n        await poll()\n    except asyncio.CancelledError:\n"
        "        log('stopped')",
    ),
    kotlin(
        "import kotlinx.coroutines.*\n\nsuspend fun poll() {\n"
        "    runCatching { delay(500) }.onFailure { rethrow(it as? CancellationException) }\n"
        "    runCatching { delay(500) }.onFailure { currentCoroutineContext().ensureActive() }\n}",
    ),
    java(
        "class A { void run() { try { read(); } catch (IOException e) { log(e); } } }",
    ),
    python(
        "import asyncio\nasync def run():\n    while True:\n        try:\n            await poll()\n"
        "        except asyncio.CancelledError:\n            return",
    ),
)
