using System.ComponentModel.DataAnnotations;

namespace Lekhika.Exporter.Epub;

/// <summary>What typefaces and painted covers of EPUBs may use: section <c>Exporter</c>.</summary>
internal sealed class EpubOptions
{
    public const string Section = "Exporter";

    /// <summary>How long the typefaces of one book may take, and its painted cover, in seconds each. Default 20; either takes less than one.</summary>
    [Range(0.1, 600)]
    public double EpubChildTimeoutSeconds { get; set; } = 20;

    /// <summary>The address space in MiB of the child that makes either; it dies when it wants more. Default 6144: Node and three WebAssembly modules alone map over 4,096.</summary>
    [Range(1536, 1_048_576)]
    public int EpubChildAddressSpaceMiB { get; set; } = 6144;

    /// <summary>Resident memory in MiB after an order above which the child is replaced by a fresh one. Default 512.</summary>
    [Range(1, 1_048_576)]
    public int EpubChildRecycleMiB { get; set; } = 512;

    /// <summary>Most MiB that the typefaces of one book have together; what would be more is left out. Default 8.</summary>
    [Range(0, 1_000)]
    public int MostFontMiB { get; set; } = 8;

    /// <summary>MiB of typefaces, and of covers, that are kept for the next EPUB of the same letters or cover. Default 32 of each; 0 keeps none.</summary>
    [Range(0, 10_000)]
    public int EpubCacheMiB { get; set; } = 32;
}
