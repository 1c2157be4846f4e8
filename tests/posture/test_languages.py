"""What protects a call in TypeScript, Go, Java and C#."""

import pytest

from tests.posture.surveys import only, told

TYPESCRIPT = {
    "nothing": ("await fetch('http://a.internal/x');", {}),
    "a signal": (
        "await fetch('http://a.internal/x', { signal: AbortSignal.timeout(1500) });",
        {"timeout": "1.5 s", "cancellation": "signal"},
    ),
    "options from elsewhere": (
        "await fetch('http://a.internal/x', options);",
        {"timeout": "unknown", "cancellation": "unknown"},
    ),
    "a client with a limit": (
        "import axios from 'axios';\nconst api = axios.create({ baseURL: 'http://a.internal', timeout: 2_000 });\n"
        "export const f = () => api.post('/x');",
        {"timeout": "2 s"},
    ),
    "opossum": (
        "import CircuitBreaker from 'opossum';\n"
        "async function load(id: string) { return fetch('http://a.internal', { signal: AbortSignal.timeout(900) }); }\n"
        "const breaker = new CircuitBreaker(load, { errorThresholdPercentage: 50 });",
        {"timeout": "0.9 s", "breaker": "yes", "cancellation": "signal"},
    ),
    "axios-retry on a client": (
        "import axios from 'axios';\nimport axiosRetry from 'axios-retry';\n"
        "const api = axios.create({ baseURL: 'http://a.internal', timeout: 2000 });\n"
        "axiosRetry(api, { retries: 3, retryDelay: axiosRetry.exponentialDelay });\n"
        "export const f = () => api.post('/x');",
        {"timeout": "2 s", "retry": "4 tries, backoff"},
    ),
    "axios-retry on another client": (
        "import axios from 'axios';\nimport axiosRetry from 'axios-retry';\n"
        "const api = axios.create({ baseURL: 'http://a.internal', timeout: 2000 });\naxiosRetry(other);\n"
        "export const f = () => api.post('/x');",
        {"timeout": "2 s"},
    ),
    "axios-retry on all of axios": (
        "import axios from 'axios';\nimport axiosRetry from 'axios-retry';\naxiosRetry(axios, { retries: 2 });\n"
        "export const f = () => axios.post('http://a.internal/x', {}, { timeout: 1000 });",
        {"timeout": "1 s", "retry": "3 tries"},
    ),
    "p-retry": (
        "import pRetry from 'p-retry';\nawait pRetry(() => fetch('http://a.internal'), { retries: 2 });",
        {"retry": "3 tries, backoff"},
    ),
    "p-limit": (
        "import pLimit from 'p-limit';\nconst limit = pLimit(4);\nawait limit(() => fetch('http://a.internal'));",
        {"bulkhead": "4 at once"},
    ),
    "bottleneck": (
        "import Bottleneck from 'bottleneck';\nconst calm = new Bottleneck({ minTime: 100 });\n"
        "await calm.schedule(() => fetch('http://a.internal'));",
        {"throttle": "yes"},
    ),
    "cockatiel": (
        "import { retry, handleAll, ExponentialBackoff } from 'cockatiel';\n"
        "const again = retry(handleAll, { maxAttempts: 3, backoff: new ExponentialBackoff() });\n"
        "await again.execute(() => fetch('http://a.internal'));",
        {"retry": "4 tries, backoff"},
    ),
    "cockatiel without a limit": (
        "import { retry, handleAll } from 'cockatiel';\nconst again = retry(handleAll, {});\n"
        "await again.execute(() => fetch('http://a.internal'));",
        {"retry": "for ever"},
    ),
    "got's own retries": (
        "import got from 'got';\nawait got.get('http://a.internal', { timeout: { request: 3000 } });",
        {"timeout": "3 s", "retry": "3 tries, backoff (default)"},
    ),
    "a handler that gives a default": (
        "async function f() {\n  try {\n    return await fetch('http://a.internal');\n  } catch (e) {\n"
        "    return EMPTY;\n  }\n}",
        {"fallback": "yes"},
    ),
    "a handler that reports the failure": (
        "async function f() {\n  try {\n    return await fetch('http://a.internal');\n  } catch (e) {\n"
        "    return { error: e };\n  }\n}",
        {},
    ),
    "a pool": (
        "import { Pool } from 'pg';\nconst pool = new Pool({ host: 'db', max: 5, query_timeout: 3000 });\n"
        "await pool.query('SELECT 1');",
        {"timeout": "3 s", "bulkhead": "5 at once"},
    ),
}
GO = {
    "nothing": ('import "net/http"\nfunc f() { http.Get("http://a.internal/x") }', {}),
    "kafka-go's own tries": (
        'import "github.com/segmentio/kafka-go"\nfunc f() { w := &kafka.Writer{Addr: a}\n\tw.WriteMessages(ctx, m) }',
        {"timeout": "10 s (default)", "retry": "10 tries, backoff (default)", "cancellation": "context"},
    ),
    "a client with a limit": (
        'import ("net/http"; "time")\nvar c = &http.Client{Timeout: 2 * time.Second}\n'
        'func f() { c.Get("http://a.internal/x") }',
        {"timeout": "2 s"},
    ),
    "a client in a field": (
        'import ("net/http"; "time")\ntype S struct { http *http.Client }\n'
        "func New() *S { return &S{http: &http.Client{Timeout: 5 * time.Second}} }\n"
        'func (s *S) f() { s.http.Get("http://a.internal/x") }',
        {"timeout": "5 s"},
    ),
    "a context with a deadline": (
        'import ("net/http"; "context"; "time")\nfunc f(c *http.Client, ctx context.Context) {\n'
        "\tctx, cancel := context.WithTimeout(ctx, 1500*time.Millisecond)\n\tdefer cancel()\n"
        '\treq, _ := http.NewRequestWithContext(ctx, http.MethodPost, "http://a.internal/x", nil)\n\tc.Do(req)\n}',
        {"timeout": "1.5 s", "retry": "unknown", "breaker": "unknown", "metrics": "unknown", "cancellation": "context"},
    ),
    "a context from the caller": (
        'import ("database/sql"; "context")\nfunc f(ctx context.Context, db *sql.DB) { '
        'db.QueryContext(ctx, "SELECT 1") }',
        {"timeout": "unknown", "cancellation": "context"},
    ),
    "gobreaker": (
        'import ("net/http"; "github.com/sony/gobreaker")\nvar cb = gobreaker.NewCircuitBreaker(settings)\n'
        'func f() { cb.Execute(func() (any, error) { return http.Get("http://a.internal") }) }',
        {"breaker": "yes"},
    ),
    "rate": (
        'import ("net/http"; "golang.org/x/time/rate")\nvar limiter = rate.NewLimiter(10, 1)\n'
        'func f(ctx context.Context) { limiter.Wait(ctx)\n\thttp.Get("http://a.internal") }',
        {"throttle": "yes"},
    ),
    "semaphore": (
        'import ("net/http"; "golang.org/x/sync/semaphore")\nvar sem = semaphore.NewWeighted(4)\n'
        'func f(ctx context.Context) { sem.Acquire(ctx, 1)\n\thttp.Get("http://a.internal") }',
        {"bulkhead": "yes"},
    ),
    "a loop": (
        'import ("net/http"; "time")\nfunc f() (*http.Response, error) {\n\tfor i := 0; i < 3; i++ {\n'
        '\t\tresp, err := http.Get("http://a.internal")\n\t\tif err != nil {\n\t\t\ttime.Sleep(time.Second)\n'
        "\t\t\tcontinue\n\t\t}\n"
        "\t\treturn resp, nil\n\t}\n\treturn nil, nil\n}",
        {"retry": "3 tries"},
    ),
    "an older value": (
        'import "net/http"\nfunc f() (*http.Response, error) {\n\tresp, err := http.Get("http://a.internal")\n'
        "\tif err != nil {\n\t\treturn last, nil\n\t}\n\treturn resp, nil\n}",
        {"fallback": "yes"},
    ),
    "go-redis": (
        'import ("github.com/redis/go-redis/v9"; "context"; "time")\n'
        'var rdb = redis.NewClient(&redis.Options{Addr: "cache:6379", ReadTimeout: time.Second, PoolSize: 20})\n'
        'func f(ctx context.Context) { rdb.Get(ctx, "x") }',
        {
            "timeout": "1 s",
            "retry": "4 tries, backoff, jitter (default)",
            "bulkhead": "20 at once",
            "cancellation": "context",
        },
    ),
}
JAVA = {
    "a request with a limit": (
        "import java.net.http.*;\nimport java.time.Duration;\nclass A {\n"
        "  private final HttpClient client = HttpClient.newHttpClient();\n  void f() throws Exception {\n"
        '    var r = HttpRequest.newBuilder(URI.create("http://a.internal/x")).timeout(Duration.ofSeconds(3)).GET().build();\n'
        ""
        "    client.send(r, handler);\n  }\n}",
        {"timeout": "3 s", "cancellation": "unknown"},
    ),
    "resilience4j's annotations": (
        "import io.github.resilience4j.circuitbreaker.annotation.CircuitBreaker;\n"
        "import io.github.resilience4j.retry.annotation.Retry;\n"
        "import io.github.resilience4j.bulkhead.annotation.Bulkhead;\n"
        "import org.springframework.web.client.RestTemplate;\nclass A {\n  private final RestTemplate rest;\n"
        '  @CircuitBreaker(name = "rates", fallbackMethod = "old")\n  @Retry(name = "rates")\n'
        '  @Bulkhead(name = "rates")\n'
        '  String f() { return rest.getForObject("http://a.internal/x", String.class); }\n}',
        {"timeout": "unknown", "retry": "yes", "breaker": "yes", "bulkhead": "yes", "fallback": "yes"}
        | {"cancellation": "unknown", "metrics": "unknown"},
    ),
    "spring's retry": (
        "import org.springframework.retry.annotation.Retryable;\nimport org.springframework.jdbc.core.JdbcTemplate;\n"
        "class A {\n  private final JdbcTemplate db;\n  @Retryable(maxAttempts = 4)\n"
        '  void f() { db.update("UPDATE x"); }\n}',
        {"timeout": "unknown", "retry": "4 tries, backoff", "cancellation": "unknown"},
    ),
    "the library's own limit": (
        "import okhttp3.*;\nclass A {\n  private final OkHttpClient client = new OkHttpClient();\n"
        "  void f() throws Exception { "
        'client.newCall(new Request.Builder().url("http://a.internal/x").build()).execute(); }\n}',
        {"timeout": "10 s (default)", "cancellation": "unknown"},
    ),
    "a semaphore": (
        "import java.util.concurrent.Semaphore;\nimport java.net.URL;\nclass A {\n"
        "  private final Semaphore gate = new Semaphore(4);\n"
        '  void f() throws Exception { gate.acquire(); new URL("http://a.internal").openStream(); }\n}',
        {"bulkhead": "yes", "cancellation": "unknown"},
    ),
}
CSHARP = {
    "the library's own limit": (
        'class A { HttpClient c = new HttpClient(); async Task F() { await c.GetAsync("http://a.internal/x"); } }',
        {"timeout": "100 s (default)"},
    ),
    "a command of Oracle's, which has no limit by default": (
        "class A { void F() { var c = new OracleCommand(sql, db); c.ExecuteReader(); } }",
        {"cancellation": "unknown"},
    ),
    "more retries for storage": (
        'class A { async Task F() { var b = new BlobClient(cs, "a", "b"); await b.DeleteAsync(); } }',
        {"timeout": "100 s (default)", "retry": "6 tries, backoff, jitter (default)", "cancellation": "unknown"},
    ),
    "a client with a limit and a token": (
        "class A { HttpClient c = new HttpClient { Timeout = TimeSpan.FromSeconds(3) };\n"
        '  async Task F(CancellationToken ct) { await c.GetAsync("http://a.internal/x", ct); } }',
        {"timeout": "3 s", "cancellation": "token"},
    ),
    "a Polly pipeline": (
        "class A {\n  HttpClient c = new HttpClient { Timeout = TimeSpan.FromSeconds(3) };\n"
        "  ResiliencePipeline p = new ResiliencePipelineBuilder().AddRetry(new RetryStrategyOptions { "
        "MaxRetryAttempts = 2, "
        "UseJitter = true }).AddCircuitBreaker(options).Build();\n"
        '  async Task F() { await p.ExecuteAsync(async t => await c.GetAsync("http://a.internal/x", t)); } }',
        {"timeout": "3 s", "retry": "3 tries, backoff, jitter", "breaker": "yes"},
    ),
    "a Polly policy": (
        "class A {\n  HttpClient c = new HttpClient { Timeout = TimeSpan.FromSeconds(3) };\n"
        "  IAsyncPolicy p = Policy.Handle<HttpRequestException>().WaitAndRetryAsync(3, n => TimeSpan.FromSeconds(n));\n"
        '  async Task F() { await p.ExecuteAsync(() => c.GetAsync("http://a.internal/x")); } }',
        {"timeout": "3 s", "retry": "4 tries, backoff"},
    ),
    "a semaphore": (
        "class A { SemaphoreSlim gate = new SemaphoreSlim(4); HttpClient c = new HttpClient { "
        "Timeout = TimeSpan.FromSeconds(3) };\n"
        '  async Task F() { await gate.WaitAsync(); await c.GetAsync("http://a.internal/x"); } }',
        {"timeout": "3 s", "bulkhead": "yes"},
    ),
}
CASES = [
    pytest.param(language, code, found, id=f"{language}: {name}")
    for language, cases in (("typescript", TYPESCRIPT), ("go", GO), ("java", JAVA), ("csharp", CSHARP))
    for name, (code, found) in cases.items()
]


@pytest.mark.parametrize(("language", "code", "found"), CASES)
def test_protections(language: str, code: str, found: dict[str, str]) -> None:
    assert told(language, code) == found


NAMES = {
    "a key of a cache that is called like an address": (
        "go",
        """
        import "database/sql"

        func load(tx *sql.Tx, enclosureURL string) { tx.QueryRow("select 1", enclosureURL) }
        """,
        "sql",
    ),
    "a package of Java": (
        "java",
        """
        import org.apache.kafka.clients.producer.KafkaProducer;
        class A { void f() { var producer = new KafkaProducer<>(options); } }
        """,
        "kafka",
    ),
    "a package of Java's own": (
        "java",
        "import java.net.InetAddress;\nclass A { void f() { InetAddress.getByName(name); } }",
        "net",
    ),
    "a client of Jakarta": (
        "java",
        """
        import jakarta.ws.rs.client.Client;
        class A { Client client; void f(String u) { client.target(u).request().post(message); } }
        """,
        "rs",
    ),
    "a field that says nothing": (
        "go",
        """
        import "net/http"

        type Karakeep struct { wrapped *http.Client }
        type Client struct { wrapped *http.Client }

        func (c *Client) f(req *http.Request) { c.wrapped.Do(req) }
        """,
        "shop",
    ),
}


def test_a_media_type_is_no_path() -> None:
    code = 'class A { void F() { url.WithHeader("Accept", "application/json").WithTimeout(t).GetJsonAsync(); } }'
    assert (only("csharp", code).target, told("csharp", code)["timeout"]) == ("", "yes")


@pytest.mark.parametrize(("language", "code", "name"), NAMES.values(), ids=NAMES)
def test_a_dependency_is_called_by_what_tells_something(language: str, code: str, name: str) -> None:
    assert only(language, code).name == name
