namespace Aspire.Hosting.ApplicationModel;

public sealed class EndpointAnnotation : IResourceAnnotation
{
    private readonly TaskCompletionSource<IReadOnlyList<int>> _allocated = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal EndpointAnnotation(string name) => Name = name;

    public string Name { get; set; }

    /// <summary>The wished port; null: any free one.</summary>
    public int? Port { get; set; }

    /// <summary>One port of 127.0.0.1 for each replica. There is no proxy in between: every replica is reached directly.</summary>
    internal Task<IReadOnlyList<int>> Allocated => _allocated.Task;

    internal void Allocate(params IReadOnlyList<int> ports) => _allocated.TrySetResult(ports);
}

public enum EndpointProperty
{
    Host = 1,
    Port = 3,
}

public class EndpointReferenceExpression : IExpressionValue
{
    private readonly EndpointAnnotation _endpoint;

    internal EndpointReferenceExpression(EndpointAnnotation endpoint, EndpointProperty property)
    {
        _endpoint = endpoint;
        Property = property;
    }

    public EndpointProperty Property { get; }

    public async ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default) =>
        Property == EndpointProperty.Host ? "127.0.0.1" : $"{(await _endpoint.Allocated.WaitAsync(cancellationToken))[0]}";
}
