using Lekhika.Core.Exports;

namespace Lekhika.Core.Executions.Submissions;

/// <summary>A value that a request may not have.</summary>
/// <param name="Field">As clients call it, with dots between its parts.</param>
/// <param name="Message">What it may be.</param>
public sealed record FieldFault(string Field, string Message);

/// <summary>What options of a run may say; the same at every door at which runs come in.</summary>
public static class OptionRules
{
    private const int MaxKey = 100;

    /// <summary>Every fault of the options; empty when they are good, or absent.</summary>
    public static IEnumerable<FieldFault> Faults(ExecuteOptions? options)
    {
        if (options is null)
        {
            yield break;
        }

        if (options.Formats is { } formats && !formats.All(format => format is not null && ExportFormat.Find(format) is not null))
        {
            yield return new("options.formats", $"The formats are {string.Join(", ", ExportFormat.Known.Select(format => format.Key))}.");
        }
        else if (ExportFormat.IsCoverAlone(options.Formats ?? []))
        {
            yield return new("options.formats", ExportFormat.CoverNeedsPdf);
        }

        if (options.Priority is < -10 or > 0)
        {
            yield return new("options.priority", "A priority is a number from -10 to 0.");
        }

        if (options.ConcurrencyKey is { } key && (string.IsNullOrWhiteSpace(key) || key.Length > MaxKey || key.Any(char.IsControl)))
        {
            yield return new("options.concurrencyKey", $"A concurrency key has 1 to {MaxKey} characters, on one line.");
        }

        if (options.Speed is not (null or RunSpeed.Standard or RunSpeed.Economy))
        {
            yield return new("options.speed", $"The speeds are {RunSpeed.Standard} and {RunSpeed.Economy}.");
        }

        if (options.EconomyHours is { } hours && (hours is < 1 or > RunSpeed.MostHours || options.Speed != RunSpeed.Economy))
        {
            yield return new("options.economyHours", $"With the speed {RunSpeed.Economy}, 1 to {RunSpeed.MostHours} hours.");
        }

        foreach (var fault in SettingRules.Faults(options.Settings))
        {
            yield return fault with { Field = $"options.settings.{fault.Field}" };
        }
    }
}
