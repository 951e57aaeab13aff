using System.Security.Claims;
using FluentValidation;
using Lekhika.Api.Auth;
using Lekhika.Api.Errors;
using Lekhika.Api.Http;
using Lekhika.Api.OpenApi;
using Lekhika.Persistence.Events;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace Lekhika.Api.Events;

/// <summary>The journal of an execution, at once or as it grows.</summary>
internal static class EventEndpoints
{
    private const string Stream = "text/event-stream";

    public static IServiceCollection AddEvents(this IServiceCollection services)
    {
        services.AddOptions<StreamOptions>().BindConfiguration("Streams").ValidateDataAnnotations().ValidateOnStart();
        return services.AddSingleton<StreamPlaces>().AddSingleton<IValidator<EventQuery>, EventQueryValidator>();
    }

    public static void MapEvents(this IEndpointRouteBuilder app) =>
        app.MapOwn("/v1/executions/{executionId:guid}/events").WithTags("Events")
            .MapGet("", Read).WithName("listEvents").WithSummary("Everything that happened to an execution")
            .WithDescription("""
                Events are numbered from 1 without gaps. With `Accept: text/event-stream` they come as server-sent events as they happen (id: the number,
                event: the type, data: the event as in a list), until one named `end` says that nothing more comes; a stream that breaks goes on where it
                was with `Last-Event-ID`. With `deltas=true` the text that is being written comes too, as events `text.delta` without an id: it is kept nowhere.
                """)
            .Produces<EventsAnswer>(StatusCodes.Status200OK, "application/json", Stream)
            .RequireScope(Scopes.ExecutionsRead).Refuses(400, 404);

    private static async Task<Results<Ok<EventsAnswer>, EventStream, Refusal>> Read(
        Guid executionId, [AsParameters] EventQuery query, HttpContext context, ClaimsPrincipal caller, EventStore events, CancellationToken cancellationToken)
    {
        var isStream = WantsStream(context.Request);
        if (await events.ReadAsync(caller.UserId(), executionId, query.From, isStream ? 0 : query.Most, cancellationToken) is not { } page)
        {
            return Refusals.NoExecution;
        }

        return isStream ? new EventStream(caller.UserId(), executionId, query.From, query.Deltas ?? false) : TypedResults.Ok(new EventsAnswer(page));
    }

    private static bool WantsStream(HttpRequest request) =>
        MediaTypeHeaderValue.TryParseList(request.Headers.Accept, out var accepted) && accepted.Any(type => type.MediaType.Equals(Stream, StringComparison.OrdinalIgnoreCase));
}
