using System.Threading.Channels;
using Lekhika.Api.Errors;
using Lekhika.Core.Executions;
using Lekhika.Persistence.Events;
using Lekhika.Persistence.Signals;
using Lekhika.Persistence.Tenancy;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;

namespace Lekhika.Api.Events;

/// <summary>
/// A journal as it grows: first what is stored, then what comes, read by number alone, so without a gap or a repeat whatever hints are lost.
/// Ends with the run, after the longest time, when the client goes or when the service stops; a client opens it again where it was.
/// </summary>
internal sealed class EventStream(Guid userId, Guid executionId, long after, bool withText) : IResult
{
    private const int PageSize = 200;
    private const int MostWaitingTexts = 256;

    // Text is shown as it comes or not at all: when the client is slow the oldest of it is dropped.
    private readonly Channel<string> _texts = Channel.CreateBounded<string>(
        new BoundedChannelOptions(MostWaitingTexts) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    private readonly WakeUp _bell = new();
    private long _after = after;
    private int _hasChanged = 1;

    public async Task ExecuteAsync(HttpContext context)
    {
        var services = context.RequestServices;
        using var place = services.GetRequiredService<StreamPlaces>().Take(userId);
        if (place is null)
        {
            await Refusals.TooManyStreams.ExecuteAsync(context);
            return;
        }

        var options = services.GetRequiredService<IOptions<StreamOptions>>().Value;
        var time = services.GetRequiredService<TimeProvider>();
        var signals = services.GetRequiredService<LiveSignals>();
        using var longest = new CancellationTokenSource(options.Longest, time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(
            context.RequestAborted, services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping, longest.Token);
        var listening = signals.ListenAsync(executionId, Changed, withText ? Text : null, end.Token);
        try
        {
            var text = new ServerSentText(context.Response, services.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions);
            await WriteAsync(text, services.GetRequiredService<EventStore>(), signals, options, time, end.Token);
        }
        catch (Exception error) when (error is OperationCanceledException || DatabaseFaults.IsAway(error))
        {
            // The client has every event up to its last id, and asks from there.
        }
        finally
        {
            await end.CancelAsync();
            await listening;
        }
    }

    private async Task WriteAsync(ServerSentText text, EventStore events, LiveSignals signals, StreamOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        await text.BeginAsync(cancellationToken);
        var (looked, wrote) = (time.GetTimestamp(), time.GetTimestamp());
        while (true)
        {
            var poll = signals.IsConnected ? options.Look : options.Poll;
            var hasWritten = Texts(text);
            if (Interlocked.Exchange(ref _hasChanged, 0) == 1 || time.GetElapsedTime(looked) >= poll)
            {
                looked = time.GetTimestamp();
                if (await events.ReadAsync(userId, executionId, _after, PageSize, cancellationToken) is not { } page)
                {
                    return;
                }

                hasWritten |= Events(text, page);
                if (page.HasEnded && _after >= page.LastSeq)
                {
                    text.Event("end", new EndOfStream(page.LastSeq, page.Status.Word()));
                    await text.FlushAsync(cancellationToken);
                    return;
                }
            }

            if (hasWritten || time.GetElapsedTime(wrote) >= options.Heartbeat)
            {
                if (!hasWritten)
                {
                    text.Heartbeat();
                }

                wrote = time.GetTimestamp();
                await text.FlushAsync(cancellationToken);
            }

            await _bell.WaitAsync(poll < options.Heartbeat ? poll : options.Heartbeat, cancellationToken);
        }
    }

    private bool Events(ServerSentText text, EventPage page)
    {
        foreach (var stored in page.Events)
        {
            text.Event(stored.Type, new EventAnswer(stored), stored.Seq);
            _after = stored.Seq;
        }

        if (page.Events.Count == PageSize)
        {
            Changed();
        }

        return page.Events.Count > 0;
    }

    private bool Texts(ServerSentText text)
    {
        var any = false;
        while (_texts.Reader.TryRead(out var delta))
        {
            text.Raw("text.delta", delta);
            any = true;
        }

        return any;
    }

    private void Changed()
    {
        Volatile.Write(ref _hasChanged, 1);
        _bell.Ring();
    }

    private void Text(string delta)
    {
        // Whatever stands on the channel, it cannot end a line of the stream.
        if (!delta.AsSpan().ContainsAny('\n', '\r'))
        {
            _texts.Writer.TryWrite(delta);
            _bell.Ring();
        }
    }
}
