using Lekhika.Core.Exports;
using Lekhika.Core.Exports.Preflight;
using Lekhika.Exporter.Rendering;

namespace Lekhika.Exporter.Preflight;

/// <summary>A file that was just made, and what it was made of.</summary>
/// <param name="Pages">Its page map, when it has pages.</param>
internal sealed record CheckedFile(ExportFormat Format, byte[] Content, RenderOrder Order, PageMap? Pages);

/// <summary>Looks at files of some formats in one way; files are never changed.</summary>
internal interface IFileCheck
{
    bool Fits(ExportFormat format);

    /// <summary>Adds what it finds. Whatever the file holds, it ends; what it throws is told as not checked.</summary>
    Task CheckAsync(CheckedFile file, Findings findings, CancellationToken cancellationToken);
}

/// <summary>Collects what checks find of one file.</summary>
internal sealed class Findings(ExportFormat format)
{
    private readonly List<PreflightFinding> _all = [];

    public IReadOnlyList<PreflightFinding> All => _all;

    public bool HasErrors => _all.Exists(finding => finding.Severity == PreflightSeverity.Error);

    public void Error(string code, string message, string? where = null) => Add(PreflightSeverity.Error, code, message, where);

    public void Warning(string code, string message, string? where = null) => Add(PreflightSeverity.Warning, code, message, where);

    public void NotChecked(string code, string message) => Add(PreflightSeverity.NotChecked, code, message, null);

    public void Info(string code, string message, string? where = null) => Add(PreflightSeverity.Info, code, message, where);

    public void Add(Findings others) => _all.AddRange(others.All);

    public void Add(PreflightSeverity severity, string code, string message, string? where)
    {
        // A file with a fault on each page has it thousands of times; the report lists a hundred.
        if (_all.Count < 10 * PreflightReport.MostFindings || severity == PreflightSeverity.Error)
        {
            _all.Add(new(format.Key, severity, code, message, where));
        }
    }
}
