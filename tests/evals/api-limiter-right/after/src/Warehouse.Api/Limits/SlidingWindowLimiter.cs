namespace Warehouse.Api.Limits;

/// <summary>So many requests of each client in any window of this length.</summary>
public sealed class SlidingWindowLimiter : IRequestLimiter
{
    /// <summary>When each client's requests of the last window were let through, oldest first.</summary>
    private readonly Dictionary<string, Queue<DateTimeOffset>> _sent = new();
    private readonly object _gate = new();
    private readonly int _limit;
    private readonly TimeSpan _window;
    private readonly TimeProvider _time;

    public SlidingWindowLimiter(int limit, TimeSpan window, TimeProvider time)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        _limit = limit;
        _window = window;
        _time = time;
    }

    public bool TryAcquire(string client, out TimeSpan retryAfter)
    {
        lock (_gate)
        {
            var now = _time.GetUtcNow();
            if (!_sent.TryGetValue(client, out var sent))
            {
                sent = new Queue<DateTimeOffset>();
                _sent[client] = sent;
            }

            Forget(sent, now);
            if (sent.Count >= _limit)
            {
                retryAfter = sent.Peek() + _window - now;
                return false;
            }

            sent.Enqueue(now);
            retryAfter = TimeSpan.Zero;
            return true;
        }
    }

    public void Sweep()
    {
        lock (_gate)
        {
            var now = _time.GetUtcNow();
            foreach (var (client, sent) in _sent.ToList())
            {
                Forget(sent, now);
                if (sent.Count == 0)
                {
                    _sent.Remove(client);
                }
            }
        }
    }

    /// <summary>A request that is exactly one window old is out of it.</summary>
    private void Forget(Queue<DateTimeOffset> sent, DateTimeOffset now)
    {
        while (sent.TryPeek(out var oldest) && now - oldest >= _window)
        {
            sent.Dequeue();
        }
    }
}
