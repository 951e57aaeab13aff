using System.Diagnostics;
using Lekhika.Core.Executions;
using Lekhika.Core.Policies;
using Lekhika.Persistence.Runs;
using Lekhika.Worker.Ai.OpenAi;
using Lekhika.Worker.Ai.Providers;
using Lekhika.Worker.Ai.Routing;
using Lekhika.Worker.Nodes;

namespace Lekhika.Worker.Ai.Policies;

/// <summary>
/// Asks a provider's moderation model about an answer, piece by piece, and records each call. One that does not answer holds no book up: the log says so,
/// and the word rules count alone.
/// </summary>
internal sealed partial class Moderator(TimeProvider time, ILogger<Moderator> log)
{
    /// <summary>What the calls are for, as <c>ai_calls</c> says it.</summary>
    public const string Task = "moderation";

    /// <summary>Most characters of one piece.</summary>
    public const int MaxPiece = 20_000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    /// <summary>The first finding that the policy refuses; null when there is none, or nobody could say.</summary>
    public async Task<PolicyFinding?> FindAsync(StepContext context, ModerationModel model, ContentPolicy policy, string text, CancellationToken cancellationToken)
    {
        foreach (var piece in Pieces(text))
        {
            var categories = await AskAsync(context, model, piece, cancellationToken);
            if (categories is null)
            {
                return null;
            }

            if (categories.Select(Category).OfType<string>().FirstOrDefault(policy.Refuses) is { } category)
            {
                return new PolicyFinding(category);
            }
        }

        return null;
    }

    /// <summary>Our category for one of OpenAI's; null for those that we do not know.</summary>
    internal static string? Category(string theirs) => theirs switch
    {
        "sexual" => PolicyCategories.Adult,
        "sexual/minors" => PolicyCategories.Minors,
        "harassment/threatening" => PolicyCategories.Hate,
        "violence/graphic" => PolicyCategories.ViolenceGraphic,
        _ when theirs.StartsWith("self-harm", StringComparison.Ordinal) => PolicyCategories.SelfHarm,
        _ when theirs.StartsWith("hate", StringComparison.Ordinal) => PolicyCategories.Hate,
        _ when theirs.StartsWith("illicit", StringComparison.Ordinal) => PolicyCategories.Crime,
        _ => null,
    };

    /// <summary>Parted at blanks where there are some, and never in a surrogate pair.</summary>
    internal static IEnumerable<string> Pieces(string text)
    {
        for (var start = 0; start < text.Length;)
        {
            var length = Math.Min(MaxPiece, text.Length - start);
            if (start + length < text.Length)
            {
                var blank = text.AsSpan(start, length).LastIndexOfAny(' ', '\n');
                length = blank > length / 2 ? blank + 1 : char.IsHighSurrogate(text[start + length - 1]) ? length - 1 : length;
            }

            yield return text.Substring(start, length);
            start += length;
        }
    }

    /// <summary>The provider's categories; null when it did not say.</summary>
    private async Task<IReadOnlyList<string>?> AskAsync(StepContext context, ModerationModel model, string piece, CancellationToken cancellationToken)
    {
        var account = model.Provider;
        var record = new ModelCallRecord(Guid.CreateVersion7(), context.Step, Task, account.Kind, account.Name, account.IsOwn, model.ModelId, "{}", time.GetUtcNow())
        {
            Operation = "moderation",
            PriceId = model.Price?.Id,
            Cost = model.Price is { IsFree: true } ? 0 : null,
            TraceId = Activity.Current?.TraceId.ToString(),
        };
        if (model.Price is not { IsFree: true })
        {
            await context.Calls.BeginAsync(record, cancellationToken);
        }

        var started = time.GetTimestamp();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        try
        {
            var (categories, answered) = await OpenAiModerations.AskAsync(account, model.ModelId, piece, limit.Token);
            record = record with { Status = "succeeded", ModelAnswered = answered };
            return categories;
        }
        catch (Exception error) when (error is StepFault || (error is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            var errorClass = (error as StepFault)?.ErrorClass ?? ErrorClasses.TimedOut;
            record = record with { Status = "failed", ErrorClass = errorClass };
            NoAnswer(log, $"{account.Name}:{model.ModelId}", errorClass, context.State.Lease.ExecutionId, error.Message);
            return null;
        }
        finally
        {
            var ended = record.Status == "started" ? record with { Status = "failed", ErrorClass = Calls.RecordingChatClient.Cancelled } : record;
            context.Calls.End(ended with { Milliseconds = (int)time.GetElapsedTime(started).TotalMilliseconds });
        }
    }

    [LoggerMessage(LogLevel.Warning, "The moderation model {Model} did not answer ({ErrorClass}) for run {ExecutionId}; word rules alone count: {Reason}")]
    private static partial void NoAnswer(ILogger log, string model, string errorClass, Guid executionId, string reason);
}
