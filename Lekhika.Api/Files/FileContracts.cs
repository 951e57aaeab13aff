using System.ComponentModel;
using System.Text.Json.Serialization;
using FluentValidation;
using Lekhika.Core.Exports;
using Lekhika.Persistence.Files;

namespace Lekhika.Api.Files;

/// <summary>A file of an execution.</summary>
/// <param name="Order">1 for the files that the execution made itself, then one more each time files were ordered.</param>
/// <param name="BookVersion">How often the manuscript had been compiled; null in files of before there were versions.</param>
/// <param name="Settings">Of this file's order.</param>
/// <param name="Sha256">Of its bytes, in hexadecimal.</param>
/// <param name="Url">Relative to this server; null once it was removed.</param>
/// <param name="RemovedAt">When the rule for old files took it; null while it can be downloaded.</param>
internal sealed record FileEntry(
    Guid Id, string Format, int Order, int? BookVersion, ExportSettings Settings, string FileName, string MediaType, long Bytes, string Sha256, string? Url,
    DateTime MadeAt, DateTime? RemovedAt)
{
    public FileEntry(RunFile made)
        : this(
            made.File.Id, made.Format, made.Order, made.BookVersion, made.Settings, made.File.Name, made.File.MediaType, made.File.Bytes, Convert.ToHexStringLower(made.File.Sha256),
            made.File.RemovedAt is null ? FileEndpoints.ContentPath(made.File.Id) : null, made.File.CreatedAt, made.File.RemovedAt)
    {
    }
}

/// <summary>A page of an execution's files.</summary>
/// <param name="NextCursor">For the next page; null on the last one.</param>
internal sealed record FilePage(IReadOnlyList<FileEntry> Files, string? NextCursor);

/// <summary>A link that is to be made.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record LinkRequest(
    [property: Description("How long it is good for: 60 to 604,800 (a week). 3,600 when absent.")] int? Seconds = null)
{
    public const int MaxSeconds = 7 * 24 * 3600;

    [JsonIgnore]
    public TimeSpan Life => TimeSpan.FromSeconds(Seconds ?? 3600);
}

internal sealed class LinkRequestValidator : AbstractValidator<LinkRequest>
{
    public LinkRequestValidator() => RuleFor(request => request.Seconds).InclusiveBetween(60, LinkRequest.MaxSeconds);
}

/// <summary>A link to a file.</summary>
/// <param name="Url">Relative to this server. Whoever has it can download the file, without an account.</param>
/// <param name="ExpiresAt">UTC.</param>
internal sealed record LinkAnswer(string Url, DateTime ExpiresAt);
