using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Lekhika.AppHost.Local.Engine;

/// <summary>
/// Ctrl+C, SIGTERM and a closed terminal ask for a clean stop; the second request ends the process at once (its children end with it).
/// So does the end of the process that stands for the user: <c>dotnet run</c>, which a SIGKILL takes without a word to us, or
/// the one that <c>ASPIRE_CLI_PID</c> names.
/// </summary>
internal sealed class StopRequests : IDisposable
{
    /// <summary>timeout(1) signals its child and then the whole group, a terminal the group while <c>dotnet run</c> passes it on: that is one request.</summary>
    private static readonly TimeSpan OneRequest = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource _stop = new();
    private readonly Stopwatch _asked = new();
    private readonly PosixSignalRegistration[] _registrations;

    public StopRequests() =>
        _registrations = [.. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP }.Select(signal => PosixSignalRegistration.Create(signal, OnSignal))];

    public CancellationToken Token => _stop.Token;

    public async Task WatchPrincipalAsync(CancellationToken end)
    {
        if (PrincipalId() is not { } principal)
        {
            return;
        }

        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1));
        try
        {
            while (Directory.Exists($"/proc/{principal}"))
            {
                await timer.WaitForNextTickAsync(end);
            }

            await _stop.CancelAsync();
        }
        catch (OperationCanceledException)
        {
            // Stopped otherwise.
        }
    }

    public void Dispose()
    {
        foreach (var registration in _registrations)
        {
            registration.Dispose();
        }

        _stop.Dispose();
    }

    private static int? PrincipalId()
    {
        if (int.TryParse(Environment.GetEnvironmentVariable("ASPIRE_CLI_PID"), out var named))
        {
            return named;
        }

        try
        {
            var parent = int.Parse(File.ReadAllText("/proc/self/stat").Split(')')[^1].Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]);
            return File.ReadAllText($"/proc/{parent}/cmdline").Split('\0') is [var program, "run", ..] && Path.GetFileName(program) == "dotnet" ? parent : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    private void OnSignal(PosixSignalContext context)
    {
        if (!_stop.IsCancellationRequested)
        {
            _asked.Start();
            context.Cancel = true;
            _stop.Cancel();
        }
        else if (_asked.Elapsed < OneRequest)
        {
            context.Cancel = true;
        }
    }
}
