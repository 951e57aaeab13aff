using System.Diagnostics;
using Lekhika.Core;
using Lekhika.Core.Models;
using Lekhika.Persistence.Runs;
using Lekhika.Persistence.Signals;
using Lekhika.Worker.Ai.Calls;
using Lekhika.Worker.Ai.Health;
using Lekhika.Worker.Ai.OpenAi;
using Lekhika.Worker.Ai.Providers;
using Lekhika.Worker.Nodes;
using Lekhika.Worker.Pipeline;

namespace Lekhika.Worker.Ai.Chain;

/// <summary>
/// What the chain of chat clients is to texts, this is to calls whose answer comes in one piece: images, embeddings, moderations. Limits, then error
/// classes, time limit and breaker, then a span and the metrics, then the record (docs/adr/0015).
/// </summary>
internal sealed class WholeCalls(ModelLimiters limiters, ProviderBreakers breakers, ProviderPulse pulse, TimeProvider time)
{
    /// <summary>Makes the call.</summary>
    /// <param name="ask">Asks the provider.</param>
    /// <param name="use">What an answer says that it used.</param>
    /// <exception cref="StepFault">It did not end well.</exception>
    public async Task<T> RunAsync<T>(WholeCall call, Func<CancellationToken, Task<T>> ask, Func<T, WholeUse> use, CancellationToken cancellationToken)
    {
        var limits = new ModelLimits(call.Account.Settings.Concurrency, call.Account.Settings.RequestsPerMinute, call.Account.Settings.TokensPerMinute);
        if (limits.IsEmpty)
        {
            return (await ResilientAsync(call, ask, use, cancellationToken)).Answer;
        }

        await using var lease = await limiters.For(call.Account, call.ModelId).AcquireAsync(
            $"the model '{call.ModelId}' of the provider '{call.Account.Name}'", limits, call.Tokens, call.Patience, cancellationToken);
        var (answer, used) = await ResilientAsync(call, ask, use, cancellationToken);
        lease.Used = used.Tokens is { } tokens ? tokens.Input + tokens.Output : null;
        return answer;
    }

    private async Task<(T Answer, WholeUse Use)> ResilientAsync<T>(WholeCall call, Func<CancellationToken, Task<T>> ask, Func<T, WholeUse> use, CancellationToken cancellationToken)
    {
        using var attempt = breakers.For(call.Account).Begin(call.Account.Name);
        using var over = new CancellationTokenSource(call.Longest, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(over.Token, cancellationToken);
        try
        {
            var answer = await TracedAsync(call, ask, use, either.Token);
            attempt.Succeeded();
            return answer;
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested && error is not OwnershipLostException)
        {
            var fault = CallFaults.Of(error, over.IsCancellationRequested, call.Account);
            if (CallFaults.IsOutage(fault))
            {
                attempt.Failed();
            }
            else
            {
                attempt.Succeeded();
            }

            throw fault;
        }
    }

    private async Task<(T Answer, WholeUse Use)> TracedAsync<T>(WholeCall call, Func<CancellationToken, Task<T>> ask, Func<T, WholeUse> use, CancellationToken cancellationToken)
    {
        using var span = GenAiTelemetry.Source.StartActivity($"{call.SpanOperation} {call.ModelId}", ActivityKind.Client);
        span?.SetTag(GenAiTelemetry.OperationName, call.SpanOperation).SetTag(GenAiTelemetry.ProviderName, OpenAiDialect.ProviderName(call.Account)).SetTag(GenAiTelemetry.RequestModel, call.ModelId);
        var tags = new TagList
        {
            { GenAiTelemetry.OperationName, call.SpanOperation },
            { GenAiTelemetry.ProviderName, OpenAiDialect.ProviderName(call.Account) },
            { GenAiTelemetry.RequestModel, call.ModelId },
        };
        var started = time.GetTimestamp();
        try
        {
            var (answer, used) = await RecordedAsync(call, ask, use, cancellationToken);
            span?.SetTag(GenAiTelemetry.ResponseModel, used.Model);
            if (used.Tokens is { } tokens)
            {
                span?.SetTag(GenAiTelemetry.InputTokens, tokens.Input).SetTag(GenAiTelemetry.OutputTokens, tokens.Output);
                GenAiTelemetry.TokenUsage.Record(tokens.Input, [.. tags, new(GenAiTelemetry.TokenType, "input")]);
                GenAiTelemetry.TokenUsage.Record(tokens.Output, [.. tags, new(GenAiTelemetry.TokenType, "output")]);
            }

            return (answer, used);
        }
        catch (Exception error)
        {
            var type = error is StepFault fault ? fault.ErrorClass : error.GetType().Name;
            span.Fail(type, error is OperationCanceledException ? "cancelled" : "The call failed.");
            tags.Add(WorkerTelemetry.ErrorType, type);
            throw;
        }
        finally
        {
            GenAiTelemetry.Duration.Record(time.GetElapsedTime(started).TotalSeconds, tags);
        }
    }

    private async Task<(T Answer, WholeUse Use)> RecordedAsync<T>(WholeCall call, Func<CancellationToken, Task<T>> ask, Func<T, WholeUse> use, CancellationToken cancellationToken)
    {
        var record = new ModelCallRecord(
            Guid.CreateVersion7(), call.For.Step, call.For.Task, call.Account.Kind, call.Account.Name, call.Account.IsOwn, call.ModelId, Json.Write(call.Parameters), time.GetUtcNow())
        {
            Operation = call.Operation,
            PriceId = call.Price?.Id,
            TraceId = Activity.Current?.TraceId.ToString(),
        };
        var isFree = call.Price is { IsFree: true } || call.Account.Kind is ProviderKinds.Offline;
        if (!isFree)
        {
            await call.For.Log.BeginAsync(record, cancellationToken);
        }

        var started = time.GetTimestamp();
        try
        {
            var answer = await ask(cancellationToken);
            var used = use(answer);
            record = record with
            {
                Status = "succeeded",
                ModelAnswered = used.Model,
                Tokens = used.Tokens ?? default,
                Cost = isFree ? 0 : used.Cost(call.Price),
            };
            pulse.Heard(call.Account, null);
            return (answer, used);
        }
        catch (Exception error)
        {
            var errorClass = error is StepFault fault ? fault.ErrorClass : error is OperationCanceledException ? RecordingChatClient.Cancelled : error.GetType().Name;
            record = record with { Status = "failed", ErrorClass = errorClass, Cost = isFree ? 0 : null };
            if (errorClass != RecordingChatClient.Cancelled)
            {
                pulse.Heard(call.Account, errorClass);
            }

            throw;
        }
        finally
        {
            call.For.Log.End(record with { Milliseconds = (int)time.GetElapsedTime(started).TotalMilliseconds });
        }
    }
}

/// <summary>A call whose answer comes in one piece.</summary>
/// <param name="For">What it is for.</param>
/// <param name="Price">Null: nobody knows what it costs.</param>
/// <param name="Operation">image, embeddings or moderation, as <c>ai_calls</c> says it.</param>
/// <param name="Tokens">How many it is expected to use.</param>
/// <param name="Parameters">What was asked for besides the content.</param>
internal sealed record WholeCall(ModelCall For, ProviderAccount Account, string ModelId, ModelPrice? Price, string Operation, int Tokens, object Parameters)
{
    public const string Image = "image";
    public const string Embeddings = "embeddings";
    public const string Moderation = "moderation";

    /// <summary>Longest wait for a limit. Default 10 minutes, or 2 seconds where another model would be asked instead.</summary>
    public TimeSpan Patience { get; init; } = For.HasAlternative ? ModelLimiter.ShortPatience : ModelLimiter.LongPatience;

    /// <summary>Longest call. Default 10 minutes.</summary>
    public TimeSpan Longest { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>As OpenTelemetry's conventions call it, where they have a name.</summary>
    public string SpanOperation => Operation == Image ? "generate_content" : Operation;
}

/// <summary>What an answer says of itself.</summary>
/// <param name="Model">The model that answered.</param>
/// <param name="Tokens">Null: nobody has counted.</param>
/// <param name="Images">Images that were made.</param>
internal sealed record WholeUse(string? Model, TokenUse? Tokens = null, int Images = 0)
{
    /// <summary>In US dollars: by the image where the price says so, else by the tokens; null when nobody knows.</summary>
    public decimal? Cost(ModelPrice? price) => price switch
    {
        { PerImage: { } perImage } when Images > 0 => perImage * Images,
        not null when Tokens is { } tokens => price.Cost(tokens),
        _ => null,
    };
}
