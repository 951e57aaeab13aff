namespace Lekhika.Testing.Processes;

/// <summary>Finds what the build made: every project's programs are in <c>artifacts/bin/PROJECT/CONFIGURATION</c>.</summary>
public static class BuiltProgram
{
    /// <summary>The repository's root: the folder of Lekhika.sln.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The assembly of a project, built in the same configuration as the running one.</summary>
    /// <exception cref="FileNotFoundException">It was not built.</exception>
    public static string Of(string project)
    {
        var configuration = Path.GetFileName(AppContext.BaseDirectory.TrimEnd('/'));
        var path = Path.Combine(Root, "artifacts/bin", project, configuration, project + ".dll");
        return File.Exists(path) ? path : throw new FileNotFoundException($"'{path}' is not there. Build {project} first (dotnet build {project}).");
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Lekhika.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new DirectoryNotFoundException($"Lekhika.sln is in none of the folders above '{AppContext.BaseDirectory}'.");
    }
}
