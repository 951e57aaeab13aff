using System.Buffers;
using System.Text;

namespace Lekhika.Worker.Ai.Providers.Http;

/// <summary>The lines of an answer, each as soon as it is whole, with the reasons to end in OpenAI's words.</summary>
internal sealed class FinishReasonStream(Stream inner) : ReadThroughStream(inner)
{
    private const int ChunkLength = 1 << 12;

    private static readonly string[] Known = ["stop", "length", "content_filter", "tool_calls", "function_call"];

    /// <summary>What servers' own words have in them, in lower case.</summary>
    private static readonly (string Ours, string[] Theirs)[] Others =
    [
        ("content_filter", ["content_filter", "safety", "recitation", "blocklist", "prohibited", "spii"]),
        ("length", ["length", "max_tokens"]),
        ("stop", ["stop", "eos", "end_turn"]),
    ];

    private readonly byte[] _chunk = new byte[ChunkLength];
    private readonly ArrayBufferWriter<byte> _line = new();
    private ReadOnlyMemory<byte> _ready;
    private bool _hasEnded;

    public override int Read(byte[] buffer, int offset, int count)
    {
        while (_ready.IsEmpty && !_hasEnded)
        {
            Take(Inner.Read(_chunk));
        }

        return Give(buffer.AsSpan(offset, count));
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (_ready.IsEmpty && !_hasEnded)
        {
            Take(await Inner.ReadAsync(_chunk, cancellationToken));
        }

        return Give(buffer.Span);
    }

    /// <summary>Lines with OpenAI's words in them.</summary>
    private static byte[] Translate(ReadOnlySpan<byte> lines)
    {
        var key = "\"finish_reason\""u8;
        if (lines.IndexOf(key) < 0)
        {
            return lines.ToArray();
        }

        var translated = new ArrayBufferWriter<byte>(lines.Length + 32);
        while (lines.IndexOf(key) is var at and >= 0)
        {
            // In a text of the answer its quotes would have backslashes, so that it is always the property.
            var value = at + key.Length;
            while (value < lines.Length && lines[value] is (byte)':' or (byte)' ')
            {
                value++;
            }

            var length = value < lines.Length && lines[value] == '"' ? lines[(value + 1)..].IndexOf((byte)'"') : -1;
            if (length < 0)
            {
                // It is null, mostly.
                translated.Write(lines[..value]);
                lines = lines[value..];
                continue;
            }

            translated.Write(lines[..(value + 1)]);
            translated.Write(Encoding.UTF8.GetBytes(Ours(Encoding.UTF8.GetString(lines.Slice(value + 1, length)))));
            lines = lines[(value + 1 + length)..];
        }

        translated.Write(lines);
        return translated.WrittenSpan.ToArray();
    }

    /// <summary>OpenAI's word; the server's own where nobody knows what it means.</summary>
    private static string Ours(string theirs) => Known.Contains(theirs)
        ? theirs
        : Others.FirstOrDefault(other => Array.Exists(other.Theirs, word => theirs.Contains(word, StringComparison.OrdinalIgnoreCase))).Ours ?? theirs;

    private void Take(int read)
    {
        var chunk = _chunk.AsSpan(0, read);
        var whole = read == 0 ? 0 : chunk.LastIndexOf((byte)'\n') + 1;
        _hasEnded = read == 0;
        _line.Write(chunk[..whole]);
        if (whole > 0 || _hasEnded)
        {
            _ready = Translate(_line.WrittenSpan);
            _line.ResetWrittenCount();
        }

        _line.Write(chunk[whole..]);
    }

    private int Give(Span<byte> buffer)
    {
        var count = Math.Min(buffer.Length, _ready.Length);
        _ready.Span[..count].CopyTo(buffer);
        _ready = _ready[count..];
        return count;
    }
}
