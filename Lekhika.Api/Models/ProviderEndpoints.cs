using System.Security.Claims;
using FluentValidation;
using Lekhika.Api.Auth;
using Lekhika.Api.Errors;
using Lekhika.Api.Http;
using Lekhika.Api.OpenApi;
using Lekhika.Core;
using Lekhika.Core.Providers;
using Lekhika.Persistence.Models;
using Lekhika.Persistence.Secrets;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace Lekhika.Api.Models;

/// <summary>Providers of models: the platform's, which administrators manage, and the caller's own, with their keys.</summary>
internal static class ProviderEndpoints
{
    public static readonly DocumentedHeader IfMatch = new("If-Match", "The ETag that you read: refused with 412 when it was changed since.");

    public static IServiceCollection AddModels(this IServiceCollection services)
    {
        services.AddOptions<ProviderOptions>().BindConfiguration("Providers");
        services.AddSingleton<IValidator<CreateProviderRequest>, CreateProviderRequestValidator>();
        services.AddSingleton<IValidator<PutProviderRequest>, PutProviderRequestValidator>();
        services.AddSingleton<IValidator<PutSecretRequest>, PutSecretRequestValidator>();
        services.AddSingleton<IValidator<ModelRequest>, ModelRequestValidator>();
        services.AddSingleton<IValidator<PutPreferenceRequest>, PutPreferenceRequestValidator>();
        return services;
    }

    public static void MapProviders(this IEndpointRouteBuilder app)
    {
        var group = app.MapOwn("/v1/providers").WithTags("Providers and models");
        group.MapGet("", List).WithName("listProviders").WithSummary("The platform's providers and your own, the newest first")
            .RequireScope(Scopes.ModelsRead).Refuses(400);
        group.MapPost("", Create).WithName("createProvider").WithSummary("Add a provider")
            .WithDescription("Of your own, with your own key; the platform's with `platform`, for administrators. An address of your own provider must be a public one.")
            .RequireScope(Scopes.ModelsWrite).Refuses(400, 409, 413, 415, 503);
        group.MapProviderHealth();
        group.MapGet("/{providerId:guid}", Get).WithName("getProvider").WithSummary("A provider")
            .RequireScope(Scopes.ModelsRead).Refuses(404);
        group.MapPut("/{providerId:guid}", Put).WithName("putProvider").WithSummary("Give a provider another address, other settings, or switch it off")
            .WithDescription("Its name and kind stay. A key that is set stays with the server that it was given for: remove it before you name another one.")
            .WithMetadata(IfMatch).RequireScope(Scopes.ModelsWrite).Refuses(400, 404, 409, 412, 413, 415);
        group.MapDelete("/{providerId:guid}", Delete).WithName("deleteProvider").WithSummary("Remove a provider with its key, its models and their prices")
            .RequireScope(Scopes.ModelsWrite).Refuses(404);
        group.MapPut("/{providerId:guid}/secret", PutSecret).WithName("putProviderSecret").WithSummary("Set or replace a provider's key")
            .WithDescription("Calls that begin from now on use it; those under way end with the one they began with.")
            .RequireScope(Scopes.ModelsWrite).Refuses(400, 404, 413, 415, 503);
        group.MapDelete("/{providerId:guid}/secret", DeleteSecret).WithName("deleteProviderSecret").WithSummary("Remove a provider's key")
            .RequireScope(Scopes.ModelsWrite).Refuses(404);
    }

    private static async Task<Ok<ProviderPage>> List([AsParameters] PageQuery query, ClaimsPrincipal caller, ProviderStore providers, CancellationToken cancellationToken)
    {
        var page = await providers.ListAsync(caller.UserId(), query.Request, cancellationToken);
        return TypedResults.Ok(new ProviderPage([.. page.Items.Select(provider => new ProviderAnswer(provider))], PageCursor.Write(page.Next)));
    }

    private static async Task<Results<Created<ProviderAnswer>, Refusal>> Create(
        CreateProviderRequest request, HttpResponse response, ClaimsPrincipal caller, ProviderStore providers, ProviderSecrets secrets, IOptions<ProviderOptions> options, CancellationToken cancellationToken)
    {
        var isPlatforms = request.Platform == true;
        if (BadAddress(request.BaseUrl, request.Kind!, isPlatforms, options.Value) is { } refusal)
        {
            return refusal;
        }

        if (request.Secret is not null && !secrets.IsConfigured)
        {
            return Refusals.SecretsNotConfigured;
        }

        var id = Guid.CreateVersion7();
        var provider = new NewProvider(id, isPlatforms, request.Name!, request.Kind!, request.BaseUrl, Json.Write(request.Settings ?? new()), request.Secret is { } secret ? Stored(secrets, id, secret) : null);
        var change = await providers.AddAsync(caller.UserId(), provider, cancellationToken);
        if (change.Row is not { } made)
        {
            return No(change.Outcome);
        }

        RowTag.Set(response, made.UpdatedAt);
        return TypedResults.Created($"/v1/providers/{id}", new ProviderAnswer(made));
    }

    private static async Task<Results<Ok<ProviderAnswer>, Refusal>> Get(
        Guid providerId, HttpResponse response, ClaimsPrincipal caller, ProviderStore providers, CancellationToken cancellationToken) =>
        await providers.FindAsync(caller.UserId(), providerId, cancellationToken) is { } provider ? Answer(new(RowOutcome.Done, provider), response) : Refusals.NoProvider;

    private static async Task<Results<Ok<ProviderAnswer>, Refusal>> Put(
        Guid providerId, PutProviderRequest request, HttpContext context, ClaimsPrincipal caller, ProviderStore providers, IOptions<ProviderOptions> options, CancellationToken cancellationToken)
    {
        if (!RowTag.TryReadSeen(context.Request, out var seen))
        {
            return Refusals.BadVersionTag;
        }

        if (await providers.FindAsync(caller.UserId(), providerId, cancellationToken) is not { } provider)
        {
            return Refusals.NoProvider;
        }

        if (BadAddress(request.BaseUrl, provider.Kind, provider.IsPlatforms, options.Value) is { } refusal)
        {
            return refusal;
        }

        return Answer(
            await providers.UpdateAsync(
                caller.UserId(), providerId, request.BaseUrl, Json.Write(request.Settings ?? new()), request.IsActive ?? true, seen, Server(request.BaseUrl) == Server(provider.BaseUrl), cancellationToken),
            context.Response);
    }

    private static async Task<Results<NoContent, Refusal>> Delete(Guid providerId, ClaimsPrincipal caller, ProviderStore providers, CancellationToken cancellationToken) =>
        await providers.RemoveAsync(caller.UserId(), providerId, cancellationToken) is { Outcome: not RowOutcome.Done and var outcome } ? No(outcome) : TypedResults.NoContent();

    private static async Task<Results<Ok<ProviderAnswer>, Refusal>> PutSecret(
        Guid providerId, PutSecretRequest request, HttpResponse response, ClaimsPrincipal caller, ProviderStore providers, ProviderSecrets secrets, CancellationToken cancellationToken) =>
        secrets.IsConfigured
            ? Answer(await providers.SetSecretAsync(caller.UserId(), providerId, Stored(secrets, providerId, request.Secret!), cancellationToken), response)
            : Refusals.SecretsNotConfigured;

    private static async Task<Results<Ok<ProviderAnswer>, Refusal>> DeleteSecret(
        Guid providerId, HttpResponse response, ClaimsPrincipal caller, ProviderStore providers, CancellationToken cancellationToken) =>
        Answer(await providers.RemoveSecretAsync(caller.UserId(), providerId, cancellationToken), response);

    private static Results<Ok<ProviderAnswer>, Refusal> Answer(RowChange<Provider> change, HttpResponse response)
    {
        if (change.Row is not { } provider)
        {
            return No(change.Outcome);
        }

        RowTag.Set(response, provider.UpdatedAt);
        return TypedResults.Ok(new ProviderAnswer(provider));
    }

    private static Refusal No(RowOutcome outcome) => RowRefusals.Of(outcome, Refusals.NoProvider, Refusals.TooManyProviders);

    private static StoredSecret Stored(ProviderSecrets secrets, Guid providerId, string sent)
    {
        var secret = sent.Trim();
        return new(secrets.Protect(providerId, secret), SentSecret.Last4(secret));
    }

    private static Refusal? BadAddress(string? baseUrl, string kind, bool isPlatforms, ProviderOptions options)
    {
        var fault = baseUrl is not null ? ProviderAddress.Fault(baseUrl, allowPrivate: isPlatforms || options.AllowPrivateAddresses)
            : Kinds.NeedsAddress(kind) ? $"A provider of the kind {kind} has no address of its own: say where it is."
            : null;
        return fault is null ? null : Refusals.Invalid(new Dictionary<string, string[]>(StringComparer.Ordinal) { ["baseUrl"] = [fault] });
    }

    /// <summary>Where a key would be sent; null: to the kind's own address.</summary>
    private static string? Server(string? baseUrl) => baseUrl is null ? null : new Uri(baseUrl).GetLeftPart(UriPartial.Authority);
}
