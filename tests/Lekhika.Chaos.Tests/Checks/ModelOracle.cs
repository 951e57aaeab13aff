using Lekhika.Testing.Simulated;

namespace Lekhika.Chaos.Tests.Checks;

/// <summary>A step that the journal says is finished.</summary>
/// <param name="Kind">Of its output: <c>outline</c>, <c>chapter</c>.</param>
/// <param name="Item">The chapter; 0 when it has none.</param>
/// <param name="CommittedAt">When its completion was committed, by Postgres's own record, in microseconds since 1970.</param>
/// <param name="Model">The model that answered; null when none was asked.</param>
internal sealed record FinishedStep(string Kind, int Item, long CommittedAt, string? Model);

/// <summary>What the model's log says about a run.</summary>
/// <param name="Violations">A sentence for each request that should not have been made.</param>
/// <param name="LateWakeUps">Requests for finished steps by workers that had just been thawed.</param>
/// <param name="AskedAgain">Steps asked more than once.</param>
internal sealed record OracleWord(IReadOnlyList<string> Violations, int LateWakeUps, int AskedAgain);

/// <summary>No step is asked of the model after its completion was committed: the model's log against the journal's commits.</summary>
internal static class ModelOracle
{
    /// <summary>The time that a request may be on its way, over the link, on a busy machine.</summary>
    private const long OnItsWay = 50_000;

    /// <summary>
    /// No check of a lease can hold back a process that is frozen between the check and the request: what it sends so soon after
    /// it was thawed is counted apart.
    /// </summary>
    private const long WakingUp = 1_000_000;

    public static OracleWord Judge(IReadOnlyList<LoggedRequest> requests, IReadOnlyList<FinishedStep> finished, IReadOnlyList<WakeUp> wakeUps)
    {
        // Several nodes may ask for the same kind of data: then the last of them counts.
        var committed = finished.GroupBy(step => (step.Kind, step.Item)).ToDictionary(steps => steps.Key, steps => steps.Max(step => step.CommittedAt));
        var late = requests.Where(request => committed.TryGetValue(StepOf(request, committed), out var at) && request.At > at + OnItsWay).ToList();
        var excused = late.Where(request => wakeUps.Any(woken => woken.Worker == request.Worker && request.At >= woken.At && request.At <= woken.At + WakingUp)).ToList();
        var asked = requests.GroupBy(request => StepOf(request, committed)).ToDictionary(step => step.Key, step => step.Count());
        var unasked = finished.Where(step => step.Model is not null && !asked.ContainsKey((step.Kind, step.Item)));
        return new OracleWord(
            [
                .. late.Except(excused).Select(request => Sentence(request, StepOf(request, committed), committed)),
                .. unasked.Select(step => $"The step {Name(step.Kind, step.Item)} is finished by {step.Model}, but the model's log has no request for it."),
            ],
            excused.Count,
            asked.Values.Count(times => times > 1));
    }

    /// <summary>What is asked about a chapter within the chapter's own step belongs to that.</summary>
    private static (string Kind, int Item) StepOf(LoggedRequest request, Dictionary<(string Kind, int Item), long> committed) =>
        request.Chapter is { } chapter && !committed.ContainsKey((request.Kind, chapter)) ? ("chapter", chapter) : (request.Kind, request.Chapter ?? 0);

    private static string Sentence(LoggedRequest request, (string Kind, int Item) step, Dictionary<(string Kind, int Item), long> committed) =>
        $"Request {request.Number} by {request.Worker} asked for {Name(step.Kind, step.Item)} at {request.At}, {(request.At - committed[step]) / 1_000.0:F0} ms after its completion was committed.";

    private static string Name(string kind, int item) => item == 0 ? kind : $"{kind} {item}";
}
