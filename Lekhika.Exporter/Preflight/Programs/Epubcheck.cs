using System.Text.Json;
using Lekhika.Core.Exports;
using Lekhika.Core.Exports.Preflight;
using Microsoft.Extensions.Options;

namespace Lekhika.Exporter.Preflight.Programs;

/// <summary>The W3C's checker of EPUBs, where Java and the checker are. It takes seconds, so when it has its say is a setting (<see cref="PreflightOptions"/>).</summary>
internal sealed class Epubcheck(CheckProgram programs, IOptions<PreflightOptions> options)
{
    private const string Purpose = "what epubcheck finds in the EPUB";

    public async Task CheckAsync(byte[] epub, Findings findings, CancellationToken cancellationToken)
    {
        if (!File.Exists(options.Value.EpubcheckJar))
        {
            findings.NotChecked("epubcheck", $"epubcheck is not on this server, so nobody has looked at {Purpose}.");
            return;
        }

        using var folder = await CheckFolder.WithAsync(ExportFormat.Epub, epub, cancellationToken);
        var report = folder.Beside("report.json");
        if (await programs.RunAsync(options.Value.JavaPath, ["-Xmx768m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-jar", options.Value.EpubcheckJar, "--json", report, folder.File], Purpose, findings, cancellationToken) is null)
        {
            return;
        }

        try
        {
            await using var json = File.OpenRead(report);
            using var told = await JsonDocument.ParseAsync(json, cancellationToken: cancellationToken);
            foreach (var message in told.RootElement.GetProperty("messages").EnumerateArray())
            {
                if (Severity(message.GetProperty("severity").GetString()) is { } severity)
                {
                    findings.Add(severity, "epubcheck", $"{message.GetProperty("ID").GetString()}: {message.GetProperty("message").GetString()}", Where(message));
                }
            }

            findings.Info("epubcheck", $"epubcheck {told.RootElement.GetProperty("checker").GetProperty("checkerVersion").GetString()} has looked at the file.");
        }
        catch (Exception error) when (error is JsonException or FileNotFoundException or KeyNotFoundException or InvalidOperationException)
        {
            findings.NotChecked("epubcheck", "epubcheck ended without a report.");
        }
    }

    private static PreflightSeverity? Severity(string? word) => word switch
    {
        "FATAL" or "ERROR" => PreflightSeverity.Error,
        "WARNING" => PreflightSeverity.Warning,
        _ => null,
    };

    private static string? Where(JsonElement message) =>
        message.TryGetProperty("locations", out var places) && places.ValueKind == JsonValueKind.Array && places.GetArrayLength() > 0 && places[0].TryGetProperty("path", out var path) && path.GetString() is { } name
            ? places[0].TryGetProperty("line", out var line) && line.TryGetInt32(out var number) && number > 0 ? $"{name}, line {number}" : name
            : null;
}
