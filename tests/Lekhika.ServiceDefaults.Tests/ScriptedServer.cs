namespace Lekhika.ServiceDefaults.Tests;

/// <summary>Stands in for the network: answers each request by the script and remembers what was asked.</summary>
internal sealed class ScriptedServer(Func<int, HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>> script) : HttpMessageHandler
{
    private int _count;

    public ScriptedServer(Func<int, HttpResponseMessage> script)
        : this((count, _, _) => Task.FromResult(script(count)))
    {
    }

    public List<Uri?> Addresses { get; } = [];

    public List<string> Bodies { get; } = [];

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Addresses.Add(request.RequestUri);
        Bodies.Add(request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken));
        return await script(++_count, request, cancellationToken);
    }
}
