"""Names of Kotlin's libraries that the language file goes by."""

PACKAGE_OF = {
    name: package
    for package, names in {
        "kotlinx.coroutines": "GlobalScope CoroutineScope MainScope Dispatchers launch async withContext "
        "coroutineScope supervisorScope runBlocking withTimeout withTimeoutOrNull delay Job SupervisorJob Deferred "
        "joinAll awaitAll "
        "CancellationException NonCancellable ensureActive currentCoroutineContext yield runInterruptible isActive "
        "suspendCancellableCoroutine TimeoutCancellationException",
        "kotlinx.coroutines.sync": "Mutex Semaphore withLock withPermit",
        "kotlinx.coroutines.channels": "Channel",
        "io.ktor.client": "HttpClient",
        "io.ktor.client.request": "get post put delete patch head request HttpRequestBuilder",
        "io.ktor.client.plugins": "HttpTimeout HttpRequestRetry timeout",
        "okhttp3": "OkHttpClient Request Response Call",
    }.items()
    for name in names.split()
}
"""Well-known names, for files that import whole packages."""

NULLS = frozenset({"null", "true", "false", "this"})
