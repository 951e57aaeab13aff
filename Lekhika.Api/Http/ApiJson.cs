using Lekhika.Core;

namespace Lekhika.Api.Http;

/// <summary>JSON of requests and answers, see <see cref="EdgeJson"/>.</summary>
internal static class ApiJson
{
    public static IServiceCollection AddApiJson(this IServiceCollection services) =>
        services.ConfigureHttpJsonOptions(options => EdgeJson.Apply(options.SerializerOptions));
}
