namespace Lekhika.Run.Host;

/// <summary>Something that a service wrote and a person should see.</summary>
/// <param name="IsError">False: a warning.</param>
internal sealed record Notice(string Resource, bool IsError, string Text);

/// <summary>
/// Everything the AppHost and its services write goes into a file of the data folder; warnings and errors are also told. Lines look
/// like <c>worker | fail: Category[0]</c>, the message on the next one (the console logger's simple format).
/// </summary>
internal sealed class ServiceLog : IDisposable
{
    private const int KeptFiles = 10;
    private const int KeptLines = 25;

    private readonly Lock _lock = new();
    private readonly StreamWriter _file;
    private readonly Action<string> _onLine;
    private readonly Action<Notice> _onNotice;
    private readonly Queue<string> _last = new();
    private readonly Dictionary<string, bool> _announced = new(StringComparer.Ordinal);

    private bool _quiet;

    public ServiceLog(string folder, TimeProvider time, Action<string> onLine, Action<Notice> onNotice)
    {
        Directory.CreateDirectory(folder);
        foreach (var old in Directory.GetFiles(folder, "*.log").OrderDescending(StringComparer.Ordinal).Skip(KeptFiles - 1))
        {
            File.Delete(old);
        }

        Path = System.IO.Path.Combine(folder, $"{time.GetUtcNow():yyyyMMdd-HHmmss}-{Environment.ProcessId}.log");
        _file = new StreamWriter(Path) { AutoFlush = true };
        _onLine = onLine;
        _onNotice = onNotice;
    }

    public string Path { get; }

    /// <summary>The end of it, for a message about a failure.</summary>
    public string LastWords
    {
        get
        {
            lock (_lock)
            {
                return string.Join('\n', _last);
            }
        }
    }

    public void Add(string line)
    {
        lock (_lock)
        {
            _file.WriteLine(line);
            _last.Enqueue(line);
            if (_last.Count > KeptLines)
            {
                _last.Dequeue();
            }

            if (NoticeIn(line) is { } notice && !_quiet)
            {
                _onNotice(notice);
            }
        }

        _onLine(line);
    }

    /// <summary>From now on nothing is told: what services say while they are being stopped is in the file for whoever asks.</summary>
    public void KeepQuiet()
    {
        lock (_lock)
        {
            _quiet = true;
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _file.Dispose();
        }
    }

    private Notice? NoticeIn(string line)
    {
        var bar = line.IndexOf('|', StringComparison.Ordinal);
        if (bar < 0)
        {
            return null;
        }

        var resource = line[..bar].Trim();
        var text = line[(bar + 1)..].Trim();
        if (_announced.Remove(resource, out var isError))
        {
            return new Notice(resource, isError, text);
        }

        if (text.StartsWith("fail: ", StringComparison.Ordinal) || text.StartsWith("crit: ", StringComparison.Ordinal))
        {
            _announced[resource] = true;
        }
        else if (text.StartsWith("warn: ", StringComparison.Ordinal))
        {
            _announced[resource] = false;
        }
        else if (text.StartsWith("[Exited", StringComparison.Ordinal) || text.StartsWith("[FailedToStart", StringComparison.Ordinal))
        {
            return new Notice(resource, IsError: true, text.Trim('[', ']'));
        }

        return null;
    }
}
