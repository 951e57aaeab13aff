namespace Lekhika.ServiceDefaults.Health;

internal static class HealthEndpoints
{
    public const string Ready = "/health";
    public const string Live = "/alive";
    public const string LiveTag = "live";
}
