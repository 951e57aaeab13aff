using System.ComponentModel;
using System.Text.Json.Serialization;
using FluentValidation;
using Lekhika.Api.Auth;
using Lekhika.Api.Errors;
using Lekhika.Api.Executions;
using Lekhika.Api.OpenApi;
using Lekhika.Core.Exports;
using Lekhika.Core.Policies;
using Lekhika.Persistence.Policies;
using Lekhika.Persistence.Requests;
using Lekhika.Persistence.Themes;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Lekhika.Api.Runs.Requests;

/// <summary>Files of a book that is there, made anew or in another form.</summary>
internal static class FileOrderEndpoints
{
    public static void MapFileOrders(this RouteGroupBuilder runs) =>
        runs.MapPost("/{executionId:guid}/files", Make).WithName("makeFiles").WithSummary("Make files of the newest book")
            .WithDescription("Files that were made before stay; `formats` of the execution then shows the new ones. While they are being made, a repeat is refused.")
            .RequireScope(Scopes.ExecutionsControl).Refuses(400, 404, 409, 413, 415, 422);

    private static async Task<Results<Accepted<RunAnswer>, Refusal>> Make(
        [AsParameters] RunRequest request, MakeFilesRequest body, FileRequestStore files, ThemeStore themes, PolicyStore policies)
    {
        var settings = body.Settings;
        if (settings is not null)
        {
            settings = await themes.ResolveAsync(request.UserId, settings, request.CancellationToken);
            if (settings is null)
            {
                return Refusals.NoSuchTheme("settings.theme");
            }

            if (ContentRefusal.Find((await policies.ReadAsync(request.UserId, request.CancellationToken)).Effective, settings, "settings") is { } refused)
            {
                return Refusals.ContentRefused(refused);
            }
        }

        return await request.AnswerAsync(await files.MakeAsync(request.UserId, request.ExecutionId, body.Known, settings, request.CancellationToken));
    }
}

/// <summary>Files that are to be made.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record MakeFilesRequest(
    [property: Description("One or more of pdf, docx, epub, html, md, txt, and cover (a press's cover wrap, with a pdf and settings.print.paper).")] IReadOnlyList<string>? Formats = null,
    [property: Description("What the files are to look like and hold; where they are silent, those of the execution; when they name a theme, of these only sections, parts and edition.")] ExportSettings? Settings = null)
{
    /// <summary>The formats in the order in which they are made, each once.</summary>
    [JsonIgnore]
    public IReadOnlyList<ExportFormat> Known => [.. ExportFormat.Known.Where(format => Formats!.Any(word => ExportFormat.Find(word) == format))];
}

internal sealed class MakeFilesRequestValidator : AbstractValidator<MakeFilesRequest>
{
    public MakeFilesRequestValidator()
    {
        RuleFor(request => request.Formats)
            .Must(formats => formats is { Count: > 0 and <= 100 } && formats.All(format => format is not null && ExportFormat.Find(format) is not null))
            .WithMessage($"One or more of {string.Join(", ", ExportFormat.Known.Select(format => format.Key))}.")
            .Must(formats => !ExportFormat.IsCoverAlone((formats ?? []).Where(word => word is not null)))
            .WithMessage(ExportFormat.CoverNeedsPdf);
        RuleFor(request => request.Settings).Custom((settings, context) =>
        {
            foreach (var fault in SettingRules.Faults(settings))
            {
                context.AddFailure($"settings.{fault.Field}", fault.Message);
            }
        });
    }
}
