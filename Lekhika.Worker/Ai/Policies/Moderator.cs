using Lekhika.Core.Policies;
using Lekhika.Worker.Ai.Calls;
using Lekhika.Worker.Ai.Chain;
using Lekhika.Worker.Ai.OpenAi;
using Lekhika.Worker.Ai.Routing;
using Lekhika.Worker.Nodes;

namespace Lekhika.Worker.Ai.Policies;

/// <summary>
/// Asks providers' moderation models about a brief or an answer, piece by piece; the calls have the limits, breaker, telemetry and record of all calls. One that does not answer holds no book up: the log says so,
/// and the word rules count alone.
/// </summary>
internal sealed partial class Moderator(WholeCalls calls, ILogger<Moderator> log)
{
    /// <summary>What the calls are for, as <c>ai_calls</c> says it.</summary>
    public const string Task = "moderation";

    /// <summary>Most characters of one piece.</summary>
    public const int MaxPiece = 20_000;

    private const int CharactersPerToken = 3;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    /// <summary>The first finding of any of the models that the policy refuses; null when there is none, or nobody could say.</summary>
    public async Task<PolicyFinding?> FindAsync(ModelCall call, IReadOnlyList<ModerationModel> models, ContentPolicy policy, string text, CancellationToken cancellationToken)
    {
        foreach (var model in models)
        {
            if (await FindAsync(call, model, policy, text, cancellationToken) is { } finding)
            {
                return finding;
            }
        }

        return null;
    }

    private async Task<PolicyFinding?> FindAsync(ModelCall call, ModerationModel model, ContentPolicy policy, string text, CancellationToken cancellationToken)
    {
        foreach (var piece in Pieces(text))
        {
            var categories = await AskAsync(call, model, piece, cancellationToken);
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
    private async Task<IReadOnlyList<string>?> AskAsync(ModelCall call, ModerationModel model, string piece, CancellationToken cancellationToken)
    {
        try
        {
            var (categories, _) = await calls.RunAsync(
                new WholeCall(call, model.Provider, model.ModelId, model.Price, WholeCall.Moderation, piece.Length / CharactersPerToken, new { Characters = piece.Length })
                {
                    Patience = TimeSpan.FromMinutes(1),
                    Longest = Patience,
                },
                token => OpenAiModerations.AskAsync(model.Provider, model.ModelId, piece, token),
                static answer => new WholeUse(answer.Model),
                cancellationToken);
            return categories;
        }
        catch (StepFault fault)
        {
            NoAnswer(log, $"{model.Provider.Name}:{model.ModelId}", fault.ErrorClass, call.Lease.ExecutionId, fault.Message);
            return null;
        }
    }

    [LoggerMessage(LogLevel.Warning, "The moderation model {Model} did not answer ({ErrorClass}) for run {ExecutionId}; word rules alone count: {Reason}")]
    private static partial void NoAnswer(ILogger log, string model, string errorClass, Guid executionId, string reason);
}
