using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Lekhika.Core.Exports;

namespace Lekhika.Core;

/// <summary>JSON where requests come in: as everywhere (<see cref="Json"/>), stricter about what comes in, and with every field of an answer always there.</summary>
public static class EdgeJson
{
    /// <summary>Makes options of a web application so.</summary>
    public static void Apply(JsonSerializerOptions json)
    {
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
    }

    /// <summary>A setting that nobody reads would be silently without effect.</summary>
    private static void RefuseUnknownSettings(JsonTypeInfo type)
    {
        if (type.Type.Namespace == typeof(ExportSettings).Namespace && type.Kind == JsonTypeInfoKind.Object)
        {
            type.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        }
    }
}
