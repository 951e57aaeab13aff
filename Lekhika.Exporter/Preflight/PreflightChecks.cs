using Lekhika.Core.Exports;
using Lekhika.Core.Exports.Preflight;
using Lekhika.Exporter.Preflight.Programs;
using Microsoft.Extensions.Options;

namespace Lekhika.Exporter.Preflight;

/// <summary>Checks a file with all that fits it. A check that breaks is told as not checked: it holds nobody up, and passes nobody silently.</summary>
internal sealed partial class PreflightChecks(IEnumerable<IFileCheck> checks, Epubcheck epubcheck, IOptions<PreflightOptions> options, ILogger<PreflightChecks> log)
{
    private const string EpubcheckCode = "epubcheck";

    /// <summary>What is found before a file is delivered.</summary>
    /// <param name="warnings">What was to be told already when it was made.</param>
    public async Task<PreflightReport> CheckAsync(CheckedFile file, IEnumerable<string> warnings, CancellationToken cancellationToken)
    {
        var findings = new Findings(file.Format);
        foreach (var warning in warnings)
        {
            findings.Warning("made_otherwise", warning);
        }

        // Programs work at the same time; what they find stays in the order of the checks.
        foreach (var found in await Task.WhenAll(checks.Where(check => check.Fits(file.Format)).Select(check => FindAsync(check, file, cancellationToken))))
        {
            findings.Add(found);
        }

        var isComplete = true;
        if (file.Format == ExportFormat.Epub)
        {
            switch (options.Value.Preflight)
            {
                case PreflightDepth.Full:
                    await TryAsync(EpubcheckCode, () => epubcheck.CheckAsync(file.Content, findings, cancellationToken), findings, file.Format, cancellationToken);
                    break;
                case PreflightDepth.Background when !findings.HasErrors:
                    findings.NotChecked(EpubcheckCode, "epubcheck has not had its say yet.");
                    isComplete = false;
                    break;
                default:
                    findings.NotChecked(EpubcheckCode, "epubcheck is not asked on this server.");
                    break;
            }
        }

        return PreflightReport.Of(findings.All, isComplete);
    }

    /// <summary>A report with what epubcheck says in place of that it has not.</summary>
    public async Task<PreflightReport> CompleteAsync(byte[] epub, PreflightReport report, CancellationToken cancellationToken)
    {
        var findings = new Findings(ExportFormat.Epub);
        await TryAsync(EpubcheckCode, () => epubcheck.CheckAsync(epub, findings, cancellationToken), findings, ExportFormat.Epub, cancellationToken);
        return PreflightReport.Of([.. Without(report), .. findings.All], isComplete: true);
    }

    /// <summary>A report that nobody will complete.</summary>
    public static PreflightReport GivenUp(PreflightReport report) =>
        PreflightReport.Of([.. Without(report), new PreflightFinding(ExportFormat.Epub.Key, PreflightSeverity.NotChecked, EpubcheckCode, "epubcheck had too much to do, the file is too large to wait for it, or the exporter ended before; make the file again to have it checked.")], isComplete: true);

    private static IEnumerable<PreflightFinding> Without(PreflightReport report) =>
        report.Findings.Where(finding => finding is not { Severity: PreflightSeverity.NotChecked, Code: EpubcheckCode });

    private async Task<Findings> FindAsync(IFileCheck check, CheckedFile file, CancellationToken cancellationToken)
    {
        var findings = new Findings(file.Format);
        await TryAsync(check.GetType().Name, () => check.CheckAsync(file, findings, cancellationToken), findings, file.Format, cancellationToken);
        return findings;
    }

    private async Task TryAsync(string name, Func<Task> check, Findings findings, ExportFormat format, CancellationToken cancellationToken)
    {
        try
        {
            await check();
        }
        catch (Exception error) when (error is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            Broke(log, name, format.Key, error);
            findings.NotChecked("check_broke", $"A check of the {format.Name} file broke; operators find why in the exporter's log.");
        }
    }

    [LoggerMessage(LogLevel.Error, "The check {Check} of a file in the format {Format} broke.")]
    private static partial void Broke(ILogger log, string check, string format, Exception error);
}
