using System.ComponentModel;
using System.Security.Claims;
using FluentValidation;
using Lekhika.Api.Auth;
using Lekhika.Api.Errors;
using Lekhika.Api.Http;
using Lekhika.Api.OpenApi;
using Lekhika.Persistence.Files;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Lekhika.Api.Files;

/// <summary>The finished files: for a key, for whoever has logged in, and for whoever has a link.</summary>
internal static class FileEndpoints
{
    public static string ContentPath(Guid fileId) => $"/v1/files/{fileId}/content";

    public static IServiceCollection AddFiles(this IServiceCollection services) => services
        .AddSingleton<FileLinks>()
        .AddSingleton<IValidator<LinkRequest>, LinkRequestValidator>();

    public static void MapFiles(this IEndpointRouteBuilder app)
    {
        var files = app.MapOwn("/v1/files/{fileId:guid}").WithTags("Files");
        files.MapGet("/content", Content).WithName("downloadFile").WithSummary("Download a file")
            .WithDescription("Supports ranges and `If-None-Match`; the ETag is the file's SHA-256, against which the bytes are checked before they are sent.")
            .RequireScope(Scopes.FilesRead)
            .Produces<Stream>(StatusCodes.Status200OK, "application/octet-stream")
            .Refuses(404, 410, 500, 503);
        files.MapPost("/links", Link).WithName("makeFileLink").WithSummary("Make a link to a file that works without credentials")
            .WithDescription("For an hour, or as long as `seconds` says, a week at most. Links cannot be taken back one by one.")
            .RequireScope(Scopes.FilesRead)
            .Refuses(400, 404, 410, 413, 415, 503);
        app.MapGet("/v1/files/{fileId:guid}/shared", Shared).WithTags("Files").WithName("downloadSharedFile").WithSummary("Download a file by a link")
            .WithDescription("As the download with credentials. 403 when the link was changed, 410 when it has ended.")
            .AllowAnonymous().RequireRateLimiting(HttpLimits.ByAddress)
            .Produces<Stream>(StatusCodes.Status200OK, "application/octet-stream")
            .Refuses(403, 404, 410, 429, 500, 503);
        app.MapOwn("/v1/executions/{executionId:guid}/files").WithTags("Runs").MapGet("", List).WithName("listFiles").WithSummary("All files of an execution, the newest first")
            .WithDescription("Of every order, with its settings; those that the rule for old files has removed, too.")
            .RequireScope(Scopes.ExecutionsRead).Refuses(400, 404);
    }

    private static async Task<Results<FileStreamHttpResult, Refusal>> Content(Guid fileId, HttpContext context, ClaimsPrincipal caller, FileStore files, CancellationToken cancellationToken) =>
        await AnswerAsync(caller.UserId(), fileId, context, files, cancellationToken);

    private static async Task<Results<Created<LinkAnswer>, Refusal>> Link(
        Guid fileId, LinkRequest request, ClaimsPrincipal caller, FileStore files, FileLinks links, CancellationToken cancellationToken)
    {
        var userId = caller.UserId();
        if (await files.FindAsync(userId, fileId, cancellationToken) is not { } file)
        {
            return Refusals.NoFile;
        }

        if (file.RemovedAt is { } removed)
        {
            return Refusals.FileRemoved(file.ExecutionId, removed);
        }

        var (word, expires) = await links.SignAsync(userId, fileId, request.Life, cancellationToken);
        var url = $"/v1/files/{fileId}/shared?link={word}";
        return TypedResults.Created(url, new LinkAnswer(url, expires.UtcDateTime));
    }

    private static async Task<Results<FileStreamHttpResult, Refusal>> Shared(
        Guid fileId,
        [FromQuery(Name = "link")][Description("As the address of the link has it.")] string? link,
        HttpContext context,
        FileStore files,
        FileLinks links,
        CancellationToken cancellationToken)
    {
        if (await links.ReadAsync(link, fileId, cancellationToken) is not { } signed)
        {
            return Refusals.BadLink;
        }

        return links.HasEnded(signed) ? Refusals.LinkEnded : await AnswerAsync(signed.UserId, fileId, context, files, cancellationToken);
    }

    private static async Task<Results<Ok<FilePage>, Refusal>> List(
        Guid executionId, [AsParameters] PageQuery query, ClaimsPrincipal caller, RunFileStore files, CancellationToken cancellationToken) =>
        await files.ListAsync(caller.UserId(), executionId, query.Request, cancellationToken) is { } page
            ? TypedResults.Ok(new FilePage([.. page.Items.Select(file => new FileEntry(file))], PageCursor.Write(page.Next)))
            : Refusals.NoExecution;

    private static async Task<Results<FileStreamHttpResult, Refusal>> AnswerAsync(Guid userId, Guid fileId, HttpContext context, FileStore files, CancellationToken cancellationToken)
    {
        if (await files.FindAsync(userId, fileId, cancellationToken) is not { } file)
        {
            return Refusals.NoFile;
        }

        return file.RemovedAt is { } removed ? Refusals.FileRemoved(file.ExecutionId, removed) : FileDownload.Of(file, userId, files, context);
    }
}
