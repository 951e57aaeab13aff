namespace Lekhika.Run;

/// <summary>Where things are in the repository.</summary>
internal static class Installation
{
    /// <summary>The folder of Lekhika.sln.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The AppHost as it was built together with this program.</summary>
    public static string AppHost { get; } = Path.Combine(
        Root, "artifacts/bin/Lekhika.AppHost", Path.GetFileName(AppContext.BaseDirectory.TrimEnd('/')), "Lekhika.AppHost.dll");

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Lekhika.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new RunFailedException($"Lekhika.sln is in none of the folders above '{AppContext.BaseDirectory}': start with ./run in the repository.");
    }
}
