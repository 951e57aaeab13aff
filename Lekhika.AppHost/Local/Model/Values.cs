using System.Runtime.CompilerServices;

namespace Aspire.Hosting.ApplicationModel;

public interface IValueProvider
{
    /// <summary>Completes when the value is known: a port, for instance, once it has been chosen.</summary>
    ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default);
}

/// <summary>Here a constraint only: manifests are Aspire's.</summary>
public interface IManifestExpressionProvider;

public interface IExpressionValue : IValueProvider, IManifestExpressionProvider;

public class ReferenceExpression : IExpressionValue
{
    private readonly IReadOnlyList<(string? Literal, IValueProvider? Value)> _parts;

    private ReferenceExpression(IReadOnlyList<(string? Literal, IValueProvider? Value)> parts) => _parts = parts;

    public static ReferenceExpression Create(in ExpressionInterpolatedStringHandler handler) => new(handler.Parts);

    ValueTask<string?> IValueProvider.GetValueAsync(CancellationToken cancellationToken) => GetValueAsync(cancellationToken);

    public async ValueTask<string?> GetValueAsync(CancellationToken cancellationToken)
    {
        var values = new List<string?>();
        foreach (var (literal, value) in _parts)
        {
            values.Add(value is null ? literal : await value.GetValueAsync(cancellationToken));
        }

        return string.Concat(values);
    }

    [InterpolatedStringHandler]
    public ref struct ExpressionInterpolatedStringHandler
    {
        public ExpressionInterpolatedStringHandler(int literalLength, int formattedCount) =>
            Parts = new List<(string? Literal, IValueProvider? Value)>(formattedCount + (literalLength == 0 ? 0 : formattedCount + 1));

        internal List<(string? Literal, IValueProvider? Value)> Parts { get; }

        public readonly void AppendLiteral(string value) => Parts.Add((value, null));

        public readonly void AppendFormatted(string? value) => Parts.Add((value, null));

        public void AppendFormatted<T>(T valueProvider)
            where T : IValueProvider, IManifestExpressionProvider => Parts.Add((null, valueProvider));

        public void AppendFormatted<T>(IResourceBuilder<T> valueProvider)
            where T : IResource, IValueProvider, IManifestExpressionProvider => Parts.Add((null, valueProvider.Resource));
    }
}
