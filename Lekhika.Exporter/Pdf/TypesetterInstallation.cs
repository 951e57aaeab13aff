using Lekhika.Exporter.Rendering;
using Microsoft.Extensions.Options;

namespace Lekhika.Exporter.Pdf;

/// <summary>The typesetter's files and its runtime, found or missed with a sentence that says what to do.</summary>
internal sealed class TypesetterInstallation(IOptions<TypesetterOptions> options, IHostEnvironment environment)
{
    private const string Compiler = "node_modules/@myriaddreamin/typst-ts-node-compiler/package.json";

    /// <summary>The folder with the script and its packages.</summary>
    public string Directory { get; } = Path.Combine(environment.ContentRootPath, options.Value.TypesetterDirectory);

    /// <summary>The script to run.</summary>
    public string Script => Path.Combine(Directory, "index.mjs");

    /// <summary>The full path of Node. Throws <see cref="RenderException"/> when it, the script or the packages are missing.</summary>
    public string FindNode()
    {
        if (!File.Exists(Script))
        {
            throw Missing($"The typesetter was not found in {Directory}. Set Exporter:TypesetterDirectory to the folder that holds its index.mjs.");
        }

        if (!File.Exists(Path.Combine(Directory, Compiler)))
        {
            throw Missing($"The typesetter's packages are not installed. Run npm ci in {Directory}.");
        }

        return FindInPath(options.Value.NodePath)
            ?? throw Missing($"Node.js was not found as '{options.Value.NodePath}'. Install Node 20 or later, or set Exporter:NodePath.");
    }

    private static RenderException Missing(string forOperator) =>
        new("No PDF: this server's typesetter is not installed. Its operator finds what is missing in the exporter's log.", forOperator);

    /// <summary>The full path of an executable, or null.</summary>
    public static string? FindInPath(string name) => Path.IsPathFullyQualified(name)
        ? File.Exists(name) ? name : null
        : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .SelectMany(folder => new[] { Path.Combine(folder, name), Path.Combine(folder, name + ".exe") })
            .FirstOrDefault(File.Exists);
}
