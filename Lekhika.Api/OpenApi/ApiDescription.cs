using Lekhika.Api.Auth;
using Lekhika.Api.Keys;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Lekhika.Api.OpenApi;

/// <summary>The OpenAPI 3.1 document at /openapi/v1.json.</summary>
internal static class ApiDescription
{
    public static IServiceCollection AddApiDescription(this IServiceCollection services) =>
        services.AddOpenApi("v1", options =>
        {
            options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
            options.AddDocumentTransformer(Describe);
            options.AddOperationTransformer(Secure);
            options.AddOperationTransformer(DocumentedHeader.Add);
            options.AddOperationTransformer(OperationExamples.Add);
        });

    private static Task Describe(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info = new OpenApiInfo
        {
            Title = "Lekhika",
            Version = "v1",
            Description = "Turns a brief into a finished book. Make an account, make an API key with it, execute an engine, follow the execution, download the files.",
        };
        // Where it was asked is where it is; a proxy's inner address would mislead.
        document.Servers = [new OpenApiServer { Url = "/" }];
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>(StringComparer.Ordinal)
        {
            [ApiKeyAuthentication.Scheme] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.ApiKey,
                In = ParameterLocation.Header,
                Name = ApiKeyAuthentication.Header,
                Description = "An API key (LEKH-2-…). It may also stand in Authorization, after Bearer.",
            },
            [AccessTokenAuthentication.Scheme] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = "bearer",
                BearerFormat = "JWT",
                Description = "The accessToken of a login.",
            },
        };
        return Task.CompletedTask;
    }

    /// <summary>Each operation names the schemes that its endpoint really asks for.</summary>
    private static Task Secure(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        if (!metadata.OfType<IAllowAnonymous>().Any())
        {
            operation.Security = [.. metadata.OfType<AuthorizationPolicy>().SelectMany(policy => policy.AuthenticationSchemes).Distinct()
                .Select(scheme => new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(scheme, context.Document)] = [] })];
            var scopes = metadata.OfType<AuthorizationPolicy>().SelectMany(policy => policy.Requirements).OfType<ScopeRequirement>().Select(r => $"`{r.Scope}`").ToList();
            if (scopes.Count > 0)
            {
                operation.Description = $"{operation.Description}\n\nScope: {string.Join(", ", scopes)}.".Trim();
            }
        }

        return Task.CompletedTask;
    }
}
