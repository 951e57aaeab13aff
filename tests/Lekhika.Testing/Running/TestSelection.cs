using Lekhika.Testing.Processes;

namespace Lekhika.Testing.Running;

/// <summary>What was asked for on the command line.</summary>
/// <param name="Words">Parts of assembly names; none: all.</param>
/// <param name="Filter">An expression of <c>dotnet test --filter</c>.</param>
internal sealed record TestSelection(IReadOnlyList<string> Words, string? Filter)
{
    /// <summary>Null when the words make no sense.</summary>
    public static TestSelection? Parse(IReadOnlyList<string> args)
    {
        var words = new List<string>();
        string? filter = null;
        for (var i = 0; i < args.Count; i++)
        {
            if (args[i] == "--filter" && i + 1 < args.Count)
            {
                filter = args[++i];
            }
            else if (args[i].StartsWith('-'))
            {
                return null;
            }
            else
            {
                words.Add(args[i]);
            }
        }

        return new(words, filter);
    }

    /// <summary>Every project below tests/ whose name ends with <c>.Tests</c>, as far as it was asked for.</summary>
    public IReadOnlyList<TestAssembly> Assemblies() =>
        [.. Directory.GetDirectories(Path.Combine(BuiltProgram.Root, "tests"), "*.Tests")
            .Select(folder => Path.GetFileName(folder))
            .Where(name => Words.Count == 0 || Words.Any(word => name.Contains(word, StringComparison.OrdinalIgnoreCase)))
            .Order(StringComparer.Ordinal)
            .Select(name => new TestAssembly(name))];
}
