namespace Warehouse.Api.Limits;

/// <summary>Decides which requests of a client are let through. Safe to call from any thread.</summary>
public interface IRequestLimiter
{
    /// <summary>Whether the request is let through; it counts only then.</summary>
    /// <param name="client">Whose request it is.</param>
    /// <param name="retryAfter">When it is refused: how long until the client's next one would not be.</param>
    bool TryAcquire(string client, out TimeSpan retryAfter);

    /// <summary>Forgets clients that have not been heard of lately. Called every few minutes.</summary>
    void Sweep();
}
