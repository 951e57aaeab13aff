using System.Diagnostics;
using Google.Protobuf;

namespace Lekhika.Testing.Otlp;

/// <summary>
/// Reads the fields tests need from OTLP's export requests. Field numbers are those of opentelemetry-proto 1.x:
/// trace/v1/trace.proto, logs/v1/logs.proto, metrics/v1/metrics.proto, common/v1/common.proto.
/// </summary>
internal static class OtlpDecoder
{
    public static IEnumerable<ReceivedSpan> Spans(ByteString request) =>
        Items(request).Select(item => new ReceivedSpan(
            TraceId: item.Message.Id(1) ?? "",
            SpanId: item.Message.Id(2) ?? "",
            ParentSpanId: item.Message.Id(4),
            Name: item.Message.Text(5),
            // SpanKind counts from 1 in the order internal, server, client, producer, consumer: ActivityKind's from 0.
            Kind: (ActivityKind)Math.Max((int)item.Message.Number(6) - 1, 0),
            ServiceName: item.ServiceName,
            Source: item.Scope,
            Start: Time(item.Message.Number(7)),
            End: Time(item.Message.Number(8)),
            Attributes: Attributes(item.Message, 9),
            Status: (ActivityStatusCode)item.Message.Message(15).Number(3),
            StatusDescription: item.Message.Message(15).Text(2) is { Length: > 0 } text ? text : null,
            Events: [.. item.Message.Messages(11).Select(e => new ReceivedEvent(e.Text(2), Attributes(e, 3)))],
            Links: [.. item.Message.Messages(13).Select(link => new ReceivedLink(link.Id(1) ?? "", link.Id(2) ?? ""))]));

    public static IEnumerable<ReceivedLog> Logs(ByteString request) =>
        Items(request).Select(item => new ReceivedLog(
            TraceId: item.Message.Id(9),
            SpanId: item.Message.Id(10),
            ServiceName: item.ServiceName,
            Category: item.Scope,
            Severity: item.Message.Text(3),
            Body: Value(item.Message.Message(5))?.ToString() ?? "",
            Attributes: Attributes(item.Message, 6)));

    public static IEnumerable<ReceivedMetric> Metrics(ByteString request) =>
        Items(request).Select(item => new ReceivedMetric(item.Message.Text(1), item.Message.Text(3), item.ServiceName, item.Scope));

    // All three signals nest alike: resource groups (1) of a resource (1) and scope groups (2) of a scope (1) and items (2).
    private static IEnumerable<(string ServiceName, string Scope, WireMessage Message)> Items(ByteString request) =>
        from resource in WireMessage.Parse(request).Messages(1)
        let service = Attributes(resource.Message(1), 1).GetValueOrDefault("service.name")?.ToString() ?? ""
        from scope in resource.Messages(2)
        let name = scope.Message(1).Text(1)
        from item in scope.Messages(2)
        select (service, name, item);

    private static Dictionary<string, object?> Attributes(WireMessage message, int field)
    {
        var attributes = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var pair in message.Messages(field))
        {
            attributes[pair.Text(1)] = Value(pair.Message(2));
        }

        return attributes;
    }

    private static object? Value(WireMessage any) => any.Fields.LastOrDefault() switch
    {
        1 => any.Text(1),
        2 => any.Number(2) != 0,
        3 => (long)any.Number(3),
        4 => BitConverter.UInt64BitsToDouble(any.Number(4)),
        5 => any.Message(5).Messages(1).Select(Value).ToArray(),
        6 => Attributes(any.Message(6), 1),
        7 => any.Bytes(7).ToByteArray(),
        _ => null,
    };

    private static DateTimeOffset Time(ulong unixNanoseconds) => DateTimeOffset.UnixEpoch.AddTicks((long)(unixNanoseconds / 100));
}
