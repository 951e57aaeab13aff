using System.Diagnostics;
using Lekhika.AppHost.Local.Processes;
using Lekhika.AppHost.Local.Servers;
using Lekhika.Testing.Processes;

namespace Lekhika.Testing.Running;

/// <summary>One test project, run in a process of its own.</summary>
internal sealed record TestAssembly(string Name)
{
    /// <summary>Twice what the longest takes: CI's 20 seeds of chaos, 9 minutes on an idle machine of two cores.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(20);

    /// <summary>Runs it and reads what its TRX file says; whatever the file cannot say (a crash, a hang, no tests) counts as a failure.</summary>
    public async Task<AssemblyResult> RunAsync(string resultsFolder, IReadOnlyDictionary<string, string?> environment, string? filter, CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        List<string> words = ["test", BuiltProgram.Of(Name), "--nologo", "--results-directory", resultsFolder, "--logger", $"trx;LogFileName={Name}.trx"];
        if (filter is not null)
        {
            words.AddRange(["--filter", filter]);
        }

        var output = new LastLines(40);
        await using var host = await ChildProcess.StartAsync(new ChildCommand("dotnet", words) { WorkingDirectory = BuiltProgram.Root, Environment = environment }, output.Add);
        var fault = await FaultAsync(host, cancellationToken);
        var found = TrxReport.Read(Path.Combine(resultsFolder, $"{Name}.trx"));
        var failures = found.Where(test => test.Outcome == TestOutcome.Failed).ToList();
        if (failures.Count == 0 && fault is not null)
        {
            failures.Add(new TestResult($"{Name} (the whole assembly)", TestOutcome.Failed, $"{fault} The end of its output:\n{output}"));
        }
        else if (filter is null && found.Count == 0)
        {
            failures.Add(new TestResult($"{Name} (the whole assembly)", TestOutcome.Failed, "It has no tests."));
        }

        return new(Name, clock.Elapsed, found.Count(test => test.Outcome == TestOutcome.Passed), found.Count(test => test.Outcome == TestOutcome.Skipped), failures);
    }

    private static async Task<string?> FaultAsync(ChildProcess host, CancellationToken cancellationToken)
    {
        try
        {
            var exitCode = await host.Exited.WaitAsync(Patience, cancellationToken);
            return exitCode == 0 ? null : $"The test host ended with exit code {exitCode}.";
        }
        catch (TimeoutException)
        {
            return $"It did not end within {Patience.TotalMinutes:F0} minutes and was killed.";
        }
    }
}
