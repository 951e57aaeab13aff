using System.ComponentModel.DataAnnotations;

namespace Lekhika.Exporter.Preflight;

/// <summary>How thoroughly files are checked.</summary>
internal enum PreflightDepth
{
    /// <summary>What takes well under the time of the making; EPUBs are not shown to epubcheck.</summary>
    Quick,

    /// <summary>The same before the file is delivered; epubcheck has its say afterwards, and completes the report.</summary>
    Background,

    /// <summary>Everything before the file is delivered: what epubcheck calls an error fails the format.</summary>
    Full,
}

/// <summary>How files are checked: section <c>Exporter</c>.</summary>
internal sealed class PreflightOptions
{
    public const string Section = "Exporter";

    /// <summary>Default Background.</summary>
    public PreflightDepth Preflight { get; set; } = PreflightDepth.Background;

    /// <summary>How long one checking program may take, in seconds. Default 240.</summary>
    [Range(0.1, 3600)]
    public double PreflightTimeoutSeconds { get; set; } = 240;

    /// <summary>Folders with qpdf and poppler's programs, parted as PATH is; PATH itself when null.</summary>
    public string? PreflightPath { get; set; }

    /// <summary>Where epubcheck is (https://www.w3.org/publishing/epubcheck/).</summary>
    public string EpubcheckJar { get; set; } = "/usr/share/java/epubcheck.jar";

    /// <summary>Java 11 or later, to run it: a path, or a name to be found in PATH.</summary>
    public string JavaPath { get; set; } = "java";
}
