using System.ComponentModel.DataAnnotations;
using System.Runtime.CompilerServices;
using Lekhika.Core.Manuscripts;
using Microsoft.Extensions.AI;

namespace Lekhika.Worker.Ai;

/// <summary>The offline author's pace: configuration section <c>OfflineAuthor</c>.</summary>
internal sealed class OfflineAuthorOptions
{
    /// <summary>Words a second of one streamed answer, to watch a book grow as with a language model; 0, the default: as fast as it can.</summary>
    [Range(0, 1_000_000)]
    public double WordsPerSecond { get; set; }
}

/// <summary>Holds a stream to a number of words a second.</summary>
internal sealed class PacedChatClient(IChatClient inner, double wordsPerSecond, TimeProvider time) : DelegatingChatClient(inner)
{
    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var started = time.GetTimestamp();
        var words = 0;
        await foreach (var update in base.GetStreamingResponseAsync(messages, options, cancellationToken))
        {
            if (wordsPerSecond > 0)
            {
                words += WordCount.Of(update.Text);
                var early = TimeSpan.FromSeconds(words / wordsPerSecond) - time.GetElapsedTime(started);
                if (early > TimeSpan.Zero)
                {
                    await Task.Delay(early, time, cancellationToken);
                }
            }

            yield return update;
        }
    }
}
