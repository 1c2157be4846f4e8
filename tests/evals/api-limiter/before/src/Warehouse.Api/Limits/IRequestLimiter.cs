namespace Warehouse.Api.Limits;

/// <summary>Decides which requests of a client are let through. Safe to call from any thread.</summary>
public interface IRequestLimiter
{
    /// <summary>Whether the request is let through; it counts only then.</summary>
    bool TryAcquire(string client);

    /// <summary>Forgets clients that have not been heard of lately. Called every few minutes.</summary>
    void Sweep();
}
