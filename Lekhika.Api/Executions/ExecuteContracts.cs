using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Serialization;
using FluentValidation;
using Lekhika.Core.Exports;

namespace Lekhika.Api.Executions;

/// <summary>A run that is asked for.</summary>
internal sealed record ExecuteRequest(
    [property: Description("The form's values by their variables: book_title (required), chapter_count, word_count, genre, premise, output_formats and so on.")]
    Dictionary<string, JsonElement>? UserInput = null,
    [property: Description("How it is made, apart from what is written.")] ExecuteOptions? Options = null);

/// <summary>How a book is made, apart from what is written in it.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record ExecuteOptions(
    [property: Description("pdf, docx, epub, html, md, txt. When absent: output_formats of the form, else the engine's own, else all.")] IReadOnlyList<string>? Formats = null,
    [property: Description("Page and type of the printed book.")] ExportSettings? Settings = null,
    [property: Description("Makes a deterministic author repeat itself; made from the form's values when absent.")] long? Seed = null,
    [property: Description("0 is normal; down to -10 for what can wait.")] int? Priority = null,
    [property: Description("1 to 100 characters of your choice: of your runs with the same key one works at a time, in their order.")] string? ConcurrencyKey = null);

/// <summary>A run that was accepted.</summary>
/// <param name="StatusUrl">Where to follow it.</param>
internal sealed record ExecuteAnswer(Guid ExecutionId, string Status, string StatusUrl, string Message, ExecuteMetadata Metadata);

/// <summary>Whose run of which engine it is.</summary>
internal sealed record ExecuteMetadata(Guid EngineId, Guid UserEngineId, string EngineName, Guid UserId, DateTime QueuedAt);

internal sealed class ExecuteRequestValidator : AbstractValidator<ExecuteRequest>
{
    public ExecuteRequestValidator()
    {
        RuleFor(request => request.UserInput).NotNull().WithMessage("The form's values are required.");
        RuleFor(request => request.Options!).SetValidator(new ExecuteOptionsValidator()).When(request => request.Options is not null);
    }
}

internal sealed class ExecuteOptionsValidator : AbstractValidator<ExecuteOptions>
{
    public ExecuteOptionsValidator()
    {
        RuleFor(options => options.Formats)
            .Must(formats => formats is null || formats.All(format => format is not null && ExportFormat.Find(format) is not null))
            .WithMessage($"The formats are {string.Join(", ", ExportFormat.All.Select(format => format.Key))}.");
        RuleFor(options => options.Priority).InclusiveBetween(-10, 0);
        RuleFor(options => options.ConcurrencyKey)
            .Must(key => key is null || (key.Length is >= 1 and <= 100 && !string.IsNullOrWhiteSpace(key) && !key.Any(char.IsControl)))
            .WithMessage("A concurrency key has 1 to 100 characters, on one line.");
        RuleFor(options => options.Settings!).SetValidator(new ExportSettingsValidator()).When(options => options.Settings is not null);
    }
}

internal sealed class ExportSettingsValidator : AbstractValidator<ExportSettings>
{
    public ExportSettingsValidator()
    {
        RuleFor(settings => settings.PageSize)
            .Must(size => ExportSettings.PageSizes.Any(known => known.Name == size))
            .WithMessage($"The page sizes are {string.Join(", ", ExportSettings.PageSizes.Select(size => size.Name))}.");
        RuleFor(settings => settings.BodyFontSize).InclusiveBetween(8, 16);
    }
}
