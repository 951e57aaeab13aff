using System.ComponentModel;
using System.Text.Json.Serialization;
using Lekhika.Core.Exports;

namespace Lekhika.Core.Executions.Submissions;

/// <summary>How a book is made, apart from what is written in it.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record ExecuteOptions(
    [property: Description("pdf, docx, epub, html, md, txt. When absent: output_formats of the form, else the engine's own, else all.")] IReadOnlyList<string>? Formats = null,
    [property: Description("What the files are to look like and hold; where it is silent, the form, then the theme.")] ExportSettings? Settings = null,
    [property: Description("Makes a deterministic author repeat itself; made from the form's values when absent.")] long? Seed = null,
    [property: Description("0 is normal; down to -10 for what can wait.")] int? Priority = null,
    [property: Description("1 to 100 characters of your choice: of your runs with the same key one works at a time, in their order.")] string? ConcurrencyKey = null,
    [property: Description("standard (the default), or economy: chapters go through the provider's batch interface where it has one, at a lower price, and may take hours.")] string? Speed = null,
    [property: Description("With economy: after so many hours, 1 to 24 (the default), chapters are asked for at normal speed and price.")] int? EconomyHours = null);
