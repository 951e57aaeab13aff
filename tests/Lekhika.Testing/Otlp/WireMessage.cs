using Google.Protobuf;

namespace Lekhika.Testing.Otlp;

/// <summary>
/// A protocol buffer message read without its schema (https://protobuf.dev/programming-guides/encoding/): the values of
/// each field in order, numbers as raw 64 bits, anything else as bytes.
/// </summary>
internal sealed class WireMessage
{
    private readonly Dictionary<int, List<object>> _fields = [];

    public static WireMessage Parse(ByteString bytes)
    {
        var message = new WireMessage();
        var input = bytes.CreateCodedInput();
        while (input.ReadTag() is not 0 and var tag)
        {
            object value = WireFormat.GetTagWireType(tag) switch
            {
                WireFormat.WireType.Varint => input.ReadUInt64(),
                WireFormat.WireType.Fixed64 => input.ReadFixed64(),
                WireFormat.WireType.Fixed32 => (ulong)input.ReadFixed32(),
                WireFormat.WireType.LengthDelimited => input.ReadBytes(),
                var other => throw new InvalidDataException($"The wire type {other} is not used by OTLP."),
            };
            var field = WireFormat.GetTagFieldNumber(tag);
            if (!message._fields.TryGetValue(field, out var values))
            {
                message._fields[field] = values = [];
            }

            values.Add(value);
        }

        return message;
    }

    public IEnumerable<int> Fields => _fields.Keys;

    public IEnumerable<WireMessage> Messages(int field) => Values(field).Cast<ByteString>().Select(Parse);

    public WireMessage Message(int field) => Messages(field).LastOrDefault() ?? new WireMessage();

    public ByteString Bytes(int field) => Values(field).Cast<ByteString>().LastOrDefault() ?? ByteString.Empty;

    public string Text(int field) => Bytes(field).ToStringUtf8();

    public ulong Number(int field) => Values(field).Cast<ulong>().LastOrDefault();

    /// <summary>Lower-case hexadecimal, or null when the field is empty.</summary>
    public string? Id(int field) => Bytes(field) is { IsEmpty: false } id ? Convert.ToHexStringLower(id.Span) : null;

    private List<object> Values(int field) => _fields.GetValueOrDefault(field) ?? [];
}
