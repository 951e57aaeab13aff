using Lekhika.Api.Http;
using Microsoft.AspNetCore.Mvc;

namespace Lekhika.Api.OpenApi;

internal static class DocumentedRefusals
{
    /// <summary>Tells the OpenAPI document with which statuses an endpoint may refuse; the shape follows from the address.</summary>
    public static TBuilder Refuses<TBuilder>(this TBuilder builder, params int[] statuses)
        where TBuilder : IEndpointConventionBuilder
    {
        builder.Add(endpoint =>
        {
            var isEnvelope = (endpoint as RouteEndpointBuilder)?.RoutePattern.RawText?.StartsWith(EnginesApi.Prefix, StringComparison.Ordinal) == true;
            foreach (var status in statuses)
            {
                endpoint.Metadata.Add(isEnvelope
                    ? new ProducesResponseTypeMetadata(status, typeof(Envelope<object>), ["application/json"])
                    : new ProducesResponseTypeMetadata(status, typeof(ProblemDetails), ["application/problem+json"]));
            }
        });
        return builder;
    }
}
