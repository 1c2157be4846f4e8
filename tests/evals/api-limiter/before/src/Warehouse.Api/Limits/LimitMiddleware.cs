namespace Warehouse.Api.Limits;

/// <summary>Answers 429 where a client sends more than it may. Comes after authentication, so that clients have names.</summary>
public sealed class LimitMiddleware
{
    private readonly RequestDelegate _next;
    private readonly IRequestLimiter _limiter;

    public LimitMiddleware(RequestDelegate next, IRequestLimiter limiter)
    {
        _next = next;
        _limiter = limiter;
    }

    public Task InvokeAsync(HttpContext context)
    {
        var client = context.User.Identity?.Name ?? "anonymous";
        if (_limiter.TryAcquire(client))
        {
            return _next(context);
        }

        context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
        context.Response.Headers.RetryAfter = "60";
        return Task.CompletedTask;
    }
}
