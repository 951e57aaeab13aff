using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.Json;
using FluentValidation;
using Lekhika.Core.Executions;
using Lekhika.Persistence.Events;
using Microsoft.AspNetCore.Mvc;

namespace Lekhika.Api.Events;

/// <summary>Which part of a journal is asked for.</summary>
internal sealed record EventQuery(
    [FromQuery(Name = "after")][property: Description("The number of the last event that you have; 0 when absent.")] long? After,
    [FromQuery(Name = "limit")][property: Description("Most events of the answer, 1 to 500; 200 when absent. A stream does not end with it.")] int? Limit,
    [FromQuery(Name = "deltas")][property: Description("Whether a stream also brings the text that is being written at this moment, as events text.delta.")] bool? Deltas,
    [FromHeader(Name = "Last-Event-ID")][property: Description("As after; sent by clients that open a stream again. It counts when both are there.")] string? LastEventId)
{
    public long From => LastEventId is null ? After ?? 0 : long.Parse(LastEventId, CultureInfo.InvariantCulture);

    public int Most => Limit ?? 200;
}

internal sealed class EventQueryValidator : AbstractValidator<EventQuery>
{
    public EventQueryValidator()
    {
        RuleFor(query => query.After).GreaterThanOrEqualTo(0);
        RuleFor(query => query.Limit).InclusiveBetween(1, 500);
        RuleFor(query => query.LastEventId)
            .Must(id => id is null || (long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var seq) && seq >= 0))
            .WithMessage("Last-Event-ID is the id of an event of this stream: a whole number.").OverridePropertyName("Last-Event-ID");
    }
}

/// <summary>A part of an execution's journal.</summary>
/// <param name="LastSeq">The number of the newest event; ask again after the last one that you have until you have it.</param>
/// <param name="Status">queued, running, paused, stopping, exporting, completed, stopped or failed.</param>
internal sealed record EventsAnswer(IReadOnlyList<EventAnswer> Events, long LastSeq, string Status)
{
    public EventsAnswer(EventPage page)
        : this([.. page.Events.Select(stored => new EventAnswer(stored))], page.LastSeq, page.Status.Word())
    {
    }
}

/// <summary>Something that happened to an execution.</summary>
/// <param name="Seq">From 1, without gaps.</param>
/// <param name="Type">Such as step.completed; docs/api.md lists them.</param>
/// <param name="Data">What belongs to the type.</param>
internal sealed record EventAnswer(long Seq, string Type, string? NodeId, int? Item, int? Generation, JsonElement Data, DateTime CreatedAt)
{
    public EventAnswer(StoredEvent stored)
        : this(stored.Seq, stored.Type, stored.NodeId, stored.Item, stored.Generation, JsonElement.Parse(stored.Data), stored.CreatedAt)
    {
    }
}

/// <summary>The last event of a stream, named <c>end</c>: nothing more comes unless somebody asks for it.</summary>
internal sealed record EndOfStream(long LastSeq, string Status);

/// <summary>How event streams behave; section <c>Streams</c> of the configuration.</summary>
internal sealed class StreamOptions
{
    /// <summary>Streams of one user that are open at once, in one replica.</summary>
    [Range(1, 10_000)]
    public int PerUser { get; set; } = 20;

    /// <summary>Silence after which a comment says that the stream lives.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:05:00")]
    public TimeSpan Heartbeat { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>After this time a stream is ended; clients open it again where it was.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "1.00:00:00")]
    public TimeSpan Longest { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How often the journal is looked at while Redis says nothing because it is away.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:01:00")]
    public TimeSpan Poll { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How often it is looked at although Redis would say when there is something new: a hint may be lost.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:01:00")]
    public TimeSpan Look { get; set; } = TimeSpan.FromSeconds(5);
}
