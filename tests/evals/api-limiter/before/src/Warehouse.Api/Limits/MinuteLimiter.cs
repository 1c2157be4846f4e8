namespace Warehouse.Api.Limits;

/// <summary>So many requests of each client in a minute by the clock.</summary>
public sealed class MinuteLimiter : IRequestLimiter
{
    private readonly Dictionary<string, (long Minute, int Count)> _counts = new();
    private readonly object _gate = new();
    private readonly int _limit;
    private readonly TimeProvider _time;

    public MinuteLimiter(int limit, TimeProvider time)
    {
        _limit = limit;
        _time = time;
    }

    public bool TryAcquire(string client)
    {
        var minute = CurrentMinute();
        lock (_gate)
        {
            var count = _counts.TryGetValue(client, out var kept) && kept.Minute == minute ? kept.Count : 0;
            if (count >= _limit)
            {
                return false;
            }

            _counts[client] = (minute, count + 1);
            return true;
        }
    }

    public void Sweep()
    {
        var minute = CurrentMinute();
        lock (_gate)
        {
            foreach (var client in _counts.Where(entry => entry.Value.Minute < minute).Select(entry => entry.Key).ToList())
            {
                _counts.Remove(client);
            }
        }
    }

    private long CurrentMinute() => _time.GetUtcNow().ToUnixTimeSeconds() / 60;
}
