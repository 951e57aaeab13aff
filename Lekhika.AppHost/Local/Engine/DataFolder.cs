using Microsoft.Extensions.Configuration;

namespace Lekhika.AppHost.Local.Engine;

/// <summary>Everything that lives on across runs. One AppHost at a time holds it, by a lock that the system frees when the process ends.</summary>
internal sealed class DataFolder : IDisposable
{
    private readonly FileStream _lock;

    private DataFolder(string path, FileStream held)
    {
        Path = path;
        _lock = held;
        Secrets = new Secrets(System.IO.Path.Combine(path, "secrets.json"));
    }

    public string Path { get; }

    public Secrets Secrets { get; }

    /// <summary>Full path, from <c>Lekhika:DataDirectory</c>, <c>LEKHIKA_DATA_DIRECTORY</c>, or else <c>.lekhika</c> beside the solution.</summary>
    public static string PathFrom(IConfiguration configuration) =>
        System.IO.Path.GetFullPath(
            configuration["Lekhika:DataDirectory"] ?? configuration["LEKHIKA_DATA_DIRECTORY"]
            ?? System.IO.Path.Combine(LocalBuilder.AppHostDirectory, "..", ".lekhika"));

    /// <exception cref="CannotStartException">Another AppHost holds it, or it cannot be written.</exception>
    public static DataFolder Open(string path)
    {
        var file = System.IO.Path.Combine(path, "lock");
        try
        {
            Directory.CreateDirectory(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new CannotStartException($"The data folder '{path}' cannot be made ({error.Message}). Choose another one with --Lekhika:DataDirectory=DIR.", error);
        }

        try
        {
            var held = new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            File.WriteAllText(file + ".holder", $"{Environment.ProcessId}");
            return new DataFolder(path, held);
        }
        catch (UnauthorizedAccessException error)
        {
            throw new CannotStartException($"The data folder '{path}' belongs to another account. Start as that account, or choose another folder with --Lekhika:DataDirectory=DIR.", error);
        }
        catch (IOException error)
        {
            throw new CannotStartException(
                $"Another AppHost{Holder(file)} is running with the data folder '{path}'. Stop it, or choose another folder with --Lekhika:DataDirectory=DIR.", error);
        }
    }

    public void Dispose() => _lock.Dispose();

    private static string Holder(string file) =>
        File.Exists(file + ".holder") ? $" (process {File.ReadAllText(file + ".holder")})" : "";
}
