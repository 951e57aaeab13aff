using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Lekhika.Api.OpenApi;

/// <summary>A request header that a handler reads by itself, for the OpenAPI document.</summary>
internal sealed record DocumentedHeader(string Name, string Description)
{
    public static Task Add(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        foreach (var header in context.Description.ActionDescriptor.EndpointMetadata.OfType<DocumentedHeader>())
        {
            operation.Parameters ??= [];
            operation.Parameters.Add(new OpenApiParameter
            {
                Name = header.Name,
                In = ParameterLocation.Header,
                Description = header.Description,
                Schema = new OpenApiSchema { Type = JsonSchemaType.String },
            });
        }

        return Task.CompletedTask;
    }
}
