using System.Diagnostics;

namespace Lekhika.Testing.Otlp;

/// <summary>A span as it arrived. Ids are lower-case hexadecimal; a root span has no parent.</summary>
/// <param name="Source">Name of the activity source, "Npgsql" for instance.</param>
/// <param name="Attributes">Values are string, bool, long, double, byte[], a list or a dictionary of these.</param>
public sealed record ReceivedSpan(
    string TraceId,
    string SpanId,
    string? ParentSpanId,
    string Name,
    ActivityKind Kind,
    string ServiceName,
    string Source,
    DateTimeOffset Start,
    DateTimeOffset End,
    IReadOnlyDictionary<string, object?> Attributes,
    ActivityStatusCode Status,
    string? StatusDescription,
    IReadOnlyList<ReceivedEvent> Events,
    IReadOnlyList<ReceivedLink> Links)
{
    /// <summary>The attribute's value as text, or null when the span does not carry it.</summary>
    public string? this[string attribute] => Attributes.GetValueOrDefault(attribute)?.ToString();
}

/// <summary>An event of a span, such as "exception".</summary>
public sealed record ReceivedEvent(string Name, IReadOnlyDictionary<string, object?> Attributes);

/// <summary>A link from a span to another one, perhaps of another trace.</summary>
public sealed record ReceivedLink(string TraceId, string SpanId);

/// <summary>A log record as it arrived, with the ids of the span it was written in, if any.</summary>
/// <param name="Category">The logger's category.</param>
/// <param name="Body">The formatted message.</param>
public sealed record ReceivedLog(
    string? TraceId,
    string? SpanId,
    string ServiceName,
    string Category,
    string Severity,
    string Body,
    IReadOnlyDictionary<string, object?> Attributes);

/// <summary>A metric that arrived; its points are not decoded.</summary>
public sealed record ReceivedMetric(string Name, string Unit, string ServiceName, string Meter);
