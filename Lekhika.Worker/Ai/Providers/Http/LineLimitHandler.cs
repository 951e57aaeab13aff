using Lekhika.Worker.Nodes;

namespace Lekhika.Worker.Ai.Providers.Http;

/// <summary>Ends an answer with a line so long that reading it would take the worker's memory: a line is held whole, and servers are whoever a user names.</summary>
internal sealed class LineLimitHandler : DelegatingHandler
{
    /// <summary>Most bytes between two line feeds.</summary>
    private const int Most = 16 * 1024 * 1024;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        var limited = new StreamContent(new LineLimitStream(await response.Content.ReadAsStreamAsync(cancellationToken)));
        foreach (var (name, values) in response.Content.Headers)
        {
            limited.Headers.TryAddWithoutValidation(name, values);
        }

        response.Content = limited;
        return response;
    }

    private sealed class LineLimitStream(Stream inner) : ReadThroughStream(inner)
    {
        private long _line;

        public override int Read(byte[] buffer, int offset, int count)
        {
            var read = Inner.Read(buffer, offset, count);
            Count(buffer.AsSpan(offset, read));
            return read;
        }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = await Inner.ReadAsync(buffer, cancellationToken);
            Count(buffer.Span[..read]);
            return read;
        }

        private void Count(ReadOnlySpan<byte> read)
        {
            var last = read.LastIndexOf((byte)'\n');
            _line = last < 0 ? _line + read.Length : read.Length - last - 1;
            if (_line > Most)
            {
                throw StepFault.InvalidAnswer($"The model's answer has a line of more than {Most} bytes.");
            }
        }
    }
}
