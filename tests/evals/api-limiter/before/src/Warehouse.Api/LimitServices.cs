using Warehouse.Api.Limits;

namespace Warehouse.Api;

public static class LimitServices
{
    private const int RequestsAMinute = 120;

    public static IServiceCollection AddRequestLimits(this IServiceCollection services)
    {
        services.AddSingleton<IRequestLimiter>(new MinuteLimiter(RequestsAMinute, TimeProvider.System));
        services.AddHostedService<LimitSweeper>();
        return services;
    }
}
