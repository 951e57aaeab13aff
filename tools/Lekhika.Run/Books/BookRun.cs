using System.Diagnostics;
using Lekhika.Run.Api;

namespace Lekhika.Run.Books;

/// <summary>One book, from the order to its end.</summary>
internal sealed class BookRun(LekhikaApi api, string key)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(150);

    /// <summary>A crashed API is started again by the AppHost; the book is written on meanwhile.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Asks for the book and tells every state until it has ended.</summary>
    public async Task<Execution> WriteAsync(string userEngineId, BookOrder order, Action<Execution> onState, CancellationToken cancellationToken)
    {
        var id = await api.SubmitAsync(key, userEngineId, order.Input, cancellationToken);
        var silence = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                var run = await api.ExecutionAsync(key, id, cancellationToken);
                onState(run);
                if (run.HasEnded)
                {
                    return run;
                }

                silence.Restart();
            }
            catch (Exception error) when (IsPassing(error, cancellationToken) && silence.Elapsed < Patience)
            {
                // Asked again below.
            }

            await Task.Delay(Interval, cancellationToken);
        }
    }

    /// <summary>Brings the finished files into a folder named after the book; returns their paths in the order asked for.</summary>
    public async Task<IReadOnlyList<string>> DownloadAsync(Execution run, IReadOnlyList<string> formats, string booksFolder, CancellationToken cancellationToken)
    {
        var paths = new List<string>();
        foreach (var format in formats)
        {
            if (run.Result?.Formats?.GetValueOrDefault(format) is { Url: { } url, FileName: { } name })
            {
                // Only ever inside the folder, whatever the name says.
                var fileName = Path.GetFileName(name);
                var folder = Path.Combine(booksFolder, Path.GetFileNameWithoutExtension(fileName));
                Directory.CreateDirectory(folder);
                await api.DownloadAsync(key, url, Path.Combine(folder, fileName), cancellationToken);
                paths.Add(Path.Combine(folder, fileName));
            }
        }

        return paths;
    }

    private static bool IsPassing(Exception error, CancellationToken cancellationToken) => error switch
    {
        HttpRequestException => true,
        OperationCanceledException => !cancellationToken.IsCancellationRequested,
        ApiException { Status: >= System.Net.HttpStatusCode.InternalServerError or System.Net.HttpStatusCode.TooManyRequests } => true,
        _ => false,
    };
}
