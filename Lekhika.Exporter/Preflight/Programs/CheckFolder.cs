using Lekhika.Core.Exports;

namespace Lekhika.Exporter.Preflight.Programs;

/// <summary>A folder with a file for programs to look at; gone at dispose.</summary>
internal sealed class CheckFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("lekhika-preflight-");

    private CheckFolder(string name) => File = Path.Combine(_folder.FullName, name);

    /// <summary>The file's path.</summary>
    public string File { get; }

    public static Task<CheckFolder> WithAsync(CheckedFile file, CancellationToken cancellationToken) => WithAsync(file.Format, file.Content, cancellationToken);

    public static async Task<CheckFolder> WithAsync(ExportFormat format, byte[] content, CancellationToken cancellationToken)
    {
        var folder = new CheckFolder($"book.{format.Extension}");
        await System.IO.File.WriteAllBytesAsync(folder.File, content, cancellationToken);
        return folder;
    }

    /// <summary>The path of another file beside it.</summary>
    public string Beside(string name) => Path.Combine(_folder.FullName, name);

    public void Dispose() => _folder.Delete(recursive: true);
}
