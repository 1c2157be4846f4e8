using Warehouse.Api.Limits;

namespace Warehouse.Api;

public static class LimitServices
{
    private const int MostRequests = 120;
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(60);

    public static IServiceCollection AddRequestLimits(this IServiceCollection services)
    {
        services.AddSingleton<IRequestLimiter>(new SlidingWindowLimiter(MostRequests, Window, TimeProvider.System));
        services.AddHostedService<LimitSweeper>();
        return services;
    }
}
