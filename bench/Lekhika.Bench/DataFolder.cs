namespace Lekhika.Bench;

/// <summary>An empty data folder, gone afterwards.</summary>
internal sealed class DataFolder : IDisposable
{
    private const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    public DataFolder()
    {
        Path = Directory.CreateTempSubdirectory("lekhika-bench-").FullName;
        // The database server's account must get through it.
        File.SetUnixFileMode(Path, Mode);
    }

    public string Path { get; }

    public string this[string name] => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
