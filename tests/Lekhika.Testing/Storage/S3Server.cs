using System.Collections.ObjectModel;
using Lekhika.AppHost.Local.Processes;
using Lekhika.AppHost.Local.Servers;
using Lekhika.Testing.Processes;
using Lekhika.Testing.Servers;

namespace Lekhika.Testing.Storage;

/// <summary>A server that speaks S3 (s3rver, from npm) with an empty bucket, for one test. It knows one access key, but does not check signatures of version 4. It keeps its port and its objects from start to start.</summary>
public sealed class S3Server : IAsyncDisposable
{
    /// <summary>The one bucket.</summary>
    public const string Bucket = "lekhika-files";

    private const string Listening = "S3rver listening on";
    private const string Key = "S3RVER";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TestFolder _folder = TestFolder.Create("s3");
    private readonly int _port = FreePort.Any();
    private ChildProcess? _child;

    private S3Server()
    {
    }

    /// <summary>The settings of a service that keeps new files here, with colons between the words.</summary>
    public ReadOnlyDictionary<string, string> Settings => new(new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["Storage:Kind"] = "s3",
        ["Storage:Endpoint"] = $"http://127.0.0.1:{_port}",
        ["Storage:Bucket"] = Bucket,
        ["Storage:AccessKey"] = Key,
        ["Storage:SecretKey"] = Key,
    });

    /// <summary>The same as environment variables.</summary>
    public IEnumerable<KeyValuePair<string, string?>> Variables => Settings.Select(setting => KeyValuePair.Create(setting.Key.Replace(":", "__", StringComparison.Ordinal), (string?)setting.Value));

    /// <summary>The keys of all objects, in order.</summary>
    public IReadOnlyList<string> Keys => [.. Files().Select(file => Path.GetRelativePath(_folder[Bucket], file)[..^Suffix.Length]).Order(StringComparer.Ordinal)];

    private const string Suffix = "._S3rver_object";

    /// <summary>Starts one; returns when it answers.</summary>
    /// <exception cref="FileNotFoundException">Its packages are not installed; <c>./test</c> installs them.</exception>
    public static async Task<S3Server> StartAsync()
    {
        var server = new S3Server();
        await server.StartAgainAsync();
        return server;
    }

    /// <summary>Starts it after it was stopped; returns when it answers.</summary>
    public async Task StartAgainAsync()
    {
        var program = Path.Combine(BuiltProgram.Root, "tests/Lekhika.Testing/Storage/server/node_modules/s3rver/bin/s3rver.js");
        if (!File.Exists(program))
        {
            throw new FileNotFoundException("The packages of the tests' S3 server are not installed: ./test does it, or 'npm ci' in tests/Lekhika.Testing/Storage/server.");
        }

        var listens = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _child = await ChildProcess.StartAsync(
            new ChildCommand("node", program, "--directory", _folder.Path, "--address", "127.0.0.1", "--port", $"{_port}", "--silent", "--no-vhost-buckets", "--configure-bucket", Bucket),
            line =>
            {
                if (line.Contains(Listening, StringComparison.Ordinal))
                {
                    listens.TrySetResult();
                }
            });
        if (await Task.WhenAny(listens.Task, _child.Exited).WaitAsync(Patience) != listens.Task)
        {
            throw new InvalidOperationException($"The S3 server ended with exit code {await _child.Exited}.");
        }
    }

    /// <summary>Ends it at once; its objects stay.</summary>
    public async Task StopAsync()
    {
        await _child!.DisposeAsync();
        _child = null;
    }

    /// <summary>The bytes of an object, as they lie on the disk.</summary>
    public Task<byte[]> ReadAsync(string key) => File.ReadAllBytesAsync(PathOf(key));

    /// <summary>Changes the bytes of an object behind everybody's back.</summary>
    public Task WriteAsync(string key, byte[] content) => File.WriteAllBytesAsync(PathOf(key), content);

    /// <summary>Loses an object.</summary>
    public void Lose(string key)
    {
        foreach (var part in Directory.GetFiles(Path.GetDirectoryName(PathOf(key))!))
        {
            File.Delete(part);
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (_child is not null)
        {
            await StopAsync();
        }

        _folder.Dispose();
    }

    private string PathOf(string key) => _folder[$"{Bucket}/{key}{Suffix}"];

    private IEnumerable<string> Files() => Directory.Exists(_folder[Bucket]) ? Directory.EnumerateFiles(_folder[Bucket], "*" + Suffix, SearchOption.AllDirectories) : [];
}
