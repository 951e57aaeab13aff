using Lekhika.Api.Assets;
using Lekhika.Api.Auth;
using Lekhika.Api.Engines;
using Lekhika.Api.Errors;
using Lekhika.Api.Events;
using Lekhika.Api.Executions;
using Lekhika.Api.Files;
using Lekhika.Api.Http;
using Lekhika.Api.Keys;
using Lekhika.Api.Models;
using Lekhika.Api.OpenApi;
using Lekhika.Api.Plans;
using Lekhika.Api.Policies;
using Lekhika.Api.Prompts;
using Lekhika.Api.Runs;
using Lekhika.Api.Themes;
using Lekhika.Api.Usage;
using Lekhika.Persistence;
using Lekhika.Persistence.Secrets;

namespace Lekhika.Api;

/// <summary>The Api's composition, apart from the entry point so that tests host it in their own process.</summary>
internal static class ApiApplication
{
    public static WebApplication Build(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = WebApplication.CreateBuilder(args);
        configure?.Invoke(builder);
        builder.AddServiceDefaults();
        builder.AddNpgsqlDataSource("lekhika", PersistenceExtensions.ConfigureDataSource);
        builder.AddRedisClient("redis");
        builder.AddHttpLimits();
        builder.AddAuth();
        builder.Services.AddPersistence().AddApiPersistence().AddErrors().AddApiJson().AddKeys().AddExecutions().AddRuns().AddFiles().AddPlans().AddEvents().AddWorkflows().AddUsage().AddModels().AddPolicies().AddThemes().AddApiDescription();
        builder.Services.AddProviderSecrets(builder.Configuration);

        var app = builder.Build();
        app.UseSecurityHeaders();
        app.UseErrors();
        app.UseAuthorization();
        app.UseRateLimiter();
        app.MapDefaultEndpoints();
        app.MapOpenApi().AllowAnonymous();
        app.MapAuth();
        app.MapKeys();
        app.MapEnginesApi().MapEngines().MapExecutions();
        app.MapRuns();
        app.MapWorkflows();
        app.MapPlans();
        app.MapEvents();
        app.MapUsage();
        app.MapFiles();
        app.MapPreflight();
        app.MapProvenance();
        app.MapAssets();
        app.MapProviders();
        app.MapModels();
        app.MapPreferences();
        app.MapPolicies();
        app.MapPrompts();
        app.MapThemes();
        return app;
    }
}
