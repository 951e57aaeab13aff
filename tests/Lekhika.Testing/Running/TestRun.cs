using System.Collections.Concurrent;
using System.Diagnostics;
using Lekhika.Testing.Limits;
using Lekhika.Testing.Processes;
using Lekhika.Testing.Servers;
using Lekhika.Testing.Simulated;

namespace Lekhika.Testing.Running;

/// <summary>What <c>./test</c> runs once everything is built: servers, all test assemblies, one sum.</summary>
internal static class TestRun
{
    public static async Task<int> Main(string[] args)
    {
        if (args is ["check-docx", var file])
        {
            return DocxCheck.Run(file);
        }

        if (args is [SimulatedModel.Command, .. var words])
        {
            return await SimulatedModel.RunAsync(words);
        }

        if (args is [LimitedCaller.Command, var order])
        {
            return await LimitedCaller.RunAsync(order);
        }

        if (TestSelection.Parse(args) is not { } selection)
        {
            await Console.Error.WriteLineAsync($"'{string.Join(' ', args)}' was not understood; ./test --help says what can be asked for.");
            return 2;
        }

        using var stop = new CancellationTokenSource();
        Console.CancelKeyPress += (_, pressed) =>
        {
            pressed.Cancel = true;
            stop.Cancel();
        };
        return await RunAsync(selection, stop.Token);
    }

    private static async Task<int> RunAsync(TestSelection selection, CancellationToken cancellationToken)
    {
        var assemblies = selection.Assemblies();
        if (assemblies.Count == 0)
        {
            await Console.Error.WriteLineAsync("No test project has such a name.");
            Console.WriteLine("0 passed, 0 failed");
            return 1;
        }

        var clock = Stopwatch.StartNew();
        var results = new ConcurrentBag<AssemblyResult>();
        using (var folder = TestFolder.Create("results"))
        {
            await using var servers = await TestServers.StartAsync(cancellationToken);
            var environment = new Dictionary<string, string?>(StringComparer.Ordinal)
            {
                [TestServers.PostgresVariable] = servers.Postgres,
                [TestServers.RedisVariable] = servers.Redis,
            };
            // Each assembly uses all cores already; the second fills the gaps in which the first waits.
            var parallel = new ParallelOptions { MaxDegreeOfParallelism = 2, CancellationToken = cancellationToken };
            await Parallel.ForEachAsync(assemblies, parallel, async (assembly, token) =>
            {
                var result = await assembly.RunAsync(folder.Path, environment, selection.Filter, token);
                results.Add(result);
                Console.Write(result.Report());
            });
        }

        Console.WriteLine($"{clock.Elapsed.TotalSeconds:F0} s");
        return Sum(results);
    }

    private static int Sum(IReadOnlyCollection<AssemblyResult> results)
    {
        var passed = results.Sum(result => result.Passed);
        var failed = results.Sum(result => result.Failures.Count);
        var skipped = results.Sum(result => result.Skipped);
        if (passed + failed == 0)
        {
            Console.WriteLine("No test ran at all, so nothing is proved.");
        }

        Console.WriteLine($"{passed} passed, {failed} failed{(skipped > 0 ? $", {skipped} skipped" : "")}");
        return failed == 0 && passed > 0 ? 0 : 1;
    }
}
