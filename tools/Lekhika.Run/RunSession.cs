using Lekhika.Run.Api;
using Lekhika.Run.Books;
using Lekhika.Run.Display;
using Lekhika.Run.Host;
using Spectre.Console;

namespace Lekhika.Run;

/// <summary>From the command line to the last line: start, account, book, wait, stop.</summary>
internal static class RunSession
{
    /// <summary>Ended by Ctrl+C before the work was done, as shells report it (128 + SIGINT).</summary>
    private const int Interrupted = 130;

    public static async Task<int> RunAsync(RunOptions options, CancellationToken cancellationToken)
    {
        using var stop = new StopRequest(cancellationToken);
        var terminal = AnsiConsole.Profile.Capabilities is { Interactive: true, Ansi: true } && !Console.IsOutputRedirected;
        IDisplay display = terminal ? new TerminalDisplay(AnsiConsole.Console) : new PlainDisplay(Console.Out, Console.Error);
        try
        {
            return await RunAsync(options, display, stop.Token);
        }
        catch (OperationCanceledException) when (stop.Token.IsCancellationRequested)
        {
            return Interrupted;
        }
        catch (Exception error) when (RunFailure.Sentence(error) is { } sentence)
        {
            display.Failure(sentence);
            return 1;
        }
    }

    private static async Task<int> RunAsync(RunOptions options, IDisplay display, CancellationToken stop)
    {
        // Read before anything starts: a mistake in it is told at once.
        var order = options.Demo ? await BookOrder.ReadAsync(options.Brief, options.Title, stop) : null;
        options.ReadyFile?.Delete();
        Directory.CreateDirectory(options.DataDirectory);
        using var log = new ServiceLog(Path.Combine(options.DataDirectory, "logs"), TimeProvider.System, options.Verbose ? display.Line : static _ => { }, display.Tell);
        await using var host = AppHostProcess.Start(options, log);

        var state = await display.StartingAsync(onState => host.ReadyAsync(onState, stop));
        var api = LekhikaApi.At(state.Api ?? throw new RunFailedException("The AppHost named no address of the API."));
        var (account, engine) = await DemoAccount.EnsureAsync(api, options.DataDirectory, stop);
        try
        {
            if (options.ReadyFile is { } readyFile)
            {
                await PrivateFile.WriteAsync(readyFile.FullName, ReadyFile.Of(state, api.Address, account.Key, engine.Id), stop);
            }

            var failure = order is null ? null : await UnlessItDiesAsync(host, log, token => WriteAsync(api, account, engine, order, options, display, token), stop);
            if (failure is not null)
            {
                display.Failure(failure);
            }

            display.Invitation(new Invitation(api.Address.ToString().TrimEnd('/'), account.Key, engine.Id, options.DataDirectory, Stays: !options.Once));
            if (!options.Once)
            {
                await StayAsync(host, log, stop);
            }

            return failure is null ? 0 : 1;
        }
        finally
        {
            // Before the system stops: what it says is true as long as it is there.
            options.ReadyFile?.Delete();
        }
    }

    private static async Task<string?> WriteAsync(LekhikaApi api, DemoAccount account, Engine engine, BookOrder order, RunOptions options, IDisplay display, CancellationToken stop)
    {
        var book = new BookRun(api, account.Key);
        var run = await display.WritingAsync(order, onStages => book.WriteAsync(engine.Id, order, state => onStages(BookStages.Of(state, order.Formats)), stop));
        var files = await book.DownloadAsync(run, order.Formats, Path.Combine(options.DataDirectory, "books"), stop);
        if (files.Count > 0)
        {
            display.Files(Path.GetDirectoryName(files[0])!, [.. files.Select(file => new FileInfo(file))]);
        }

        return BookFailure.Of(run, order.Formats);
    }

    private static async Task<T> UnlessItDiesAsync<T>(AppHostProcess host, ServiceLog log, Func<CancellationToken, Task<T>> work, CancellationToken stop)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var working = work(end.Token);
        if (await Task.WhenAny(working, host.Exited) == working)
        {
            return await working;
        }

        await end.CancelAsync();
        await working.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        throw Died(log);
    }

    /// <summary>Until somebody asks for the end, or there is nothing left to stay up.</summary>
    private static async Task StayAsync(AppHostProcess host, ServiceLog log, CancellationToken stop)
    {
        try
        {
            await host.Exited.WaitAsync(stop);
        }
        catch (OperationCanceledException)
        {
            return;
        }

        throw Died(log);
    }

    private static RunFailedException Died(ServiceLog log) => new($"The system ended by itself. The end of its log ({log.Path}):\n\n{log.LastWords}");
}
