using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Lekhika.Core;
using Lekhika.Core.Exports;

namespace Lekhika.Api.Http;

/// <summary>JSON at the edge: as everywhere (<see cref="Json"/>), stricter about what comes in, and with every field of an answer always there.</summary>
internal static class ApiJson
{
    public static IServiceCollection AddApiJson(this IServiceCollection services) =>
        services.ConfigureHttpJsonOptions(options =>
        {
            var json = options.SerializerOptions;
            json.MaxDepth = Json.Options.MaxDepth;
            json.RespectNullableAnnotations = true;
            json.RespectRequiredConstructorParameters = true;
            json.AllowDuplicateProperties = false;
            json.NumberHandling = JsonNumberHandling.Strict;
            foreach (var converter in Json.Options.Converters)
            {
                json.Converters.Add(converter);
            }

            json.TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { RefuseUnknownSettings } };
        });

    /// <summary>A setting that nobody reads would be silently without effect.</summary>
    private static void RefuseUnknownSettings(JsonTypeInfo type)
    {
        if (type.Type == typeof(ExportSettings))
        {
            type.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        }
    }
}
