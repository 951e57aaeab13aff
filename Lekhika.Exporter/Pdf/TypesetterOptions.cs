using System.ComponentModel.DataAnnotations;

namespace Lekhika.Exporter.Pdf;

/// <summary>Where the typesetter is and what it may use: section <c>Exporter</c>.</summary>
internal sealed class TypesetterOptions
{
    public const string Section = "Exporter";

    /// <summary>The folder with index.mjs, book.typ and node_modules, absolute or below the content root.</summary>
    [Required]
    public string TypesetterDirectory { get; set; } = Path.Combine("Pdf", "typesetter");

    /// <summary>Node 20 or later: a path, or a name to be found in PATH.</summary>
    [Required]
    public string NodePath { get; set; } = "node";

    /// <summary>How long one book may take, in seconds. Default 300.</summary>
    [Range(1, 3600)]
    public double TypesetterTimeoutSeconds { get; set; } = 300;

    /// <summary>The child's address space in MiB; it dies when it wants more. Default 6144: Node alone maps about 1,200.</summary>
    [Range(1536, 1_048_576)]
    public int TypesetterAddressSpaceMiB { get; set; } = 6144;

    /// <summary>Resident memory in MiB after a book above which the child is replaced by a fresh one. Default 768.</summary>
    [Range(1, 1_048_576)]
    public int TypesetterRecycleMiB { get; set; } = 768;
}
