using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

public interface IResourceWithServiceDiscovery : IResourceWithEndpoints;

public static class ResourceBuilderExtensions
{
    public static IResourceBuilder<T> WithEnvironment<T>(this IResourceBuilder<T> builder, string name, IResourceBuilder<ParameterResource> parameter)
        where T : IResourceWithEnvironment => builder.With(new EnvironmentAnnotation(name, parameter.Resource));

    public static IResourceBuilder<T> WithEnvironment<T>(this IResourceBuilder<T> builder, string name, ReferenceExpression value)
        where T : IResourceWithEnvironment => builder.With(new EnvironmentAnnotation(name, value));

    /// <summary>The connection string as <c>ConnectionStrings__name</c> and its parts as <c>NAME_HOST</c> and so on.</summary>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(this IResourceBuilder<TDestination> builder, IResourceBuilder<IResourceWithConnectionString> source, string? connectionName = null, bool optional = false)
        where TDestination : IResourceWithEnvironment
    {
        // Every connection string is known here before anything starts, so none can be missing.
        _ = optional;
        var name = connectionName ?? source.Resource.Name;
        builder.With(new EnvironmentAnnotation($"ConnectionStrings__{name}", source.Resource));
        foreach (var (part, value) in source.Resource.GetConnectionProperties())
        {
            builder.With(new EnvironmentAnnotation($"{name.ToUpperInvariant()}_{part.ToUpperInvariant()}", value));
        }

        return builder;
    }

    public static IResourceBuilder<TDestination> WithReference<TDestination>(this IResourceBuilder<TDestination> builder, IResourceBuilder<IResourceWithServiceDiscovery> source)
        where TDestination : IResourceWithEnvironment => builder.With(new ServiceReferenceAnnotation(source.Resource));

    public static IResourceBuilder<T> WithEndpoint<T>(this IResourceBuilder<T> builder, string endpointName, Action<EndpointAnnotation> callback, bool createIfNotExists = true)
        where T : IResourceWithEndpoints
    {
        var endpoint = builder.Resource.All<EndpointAnnotation>().FirstOrDefault(endpoint => endpoint.Name == endpointName);
        if (endpoint is null && createIfNotExists)
        {
            endpoint = new EndpointAnnotation(endpointName);
            builder.With(endpoint);
        }

        if (endpoint is not null)
        {
            callback(endpoint);
        }

        return builder;
    }

    /// <summary>Changes nothing here, where every address is one of this machine's.</summary>
    public static IResourceBuilder<T> WithExternalHttpEndpoints<T>(this IResourceBuilder<T> builder)
        where T : IResourceWithEndpoints => builder;

    /// <summary>Healthy while a GET of the path answers with 200.</summary>
    public static IResourceBuilder<T> WithHttpHealthCheck<T>(this IResourceBuilder<T> builder, string? path = null, int? statusCode = null, string? endpointName = null)
        where T : IResourceWithEndpoints =>
        statusCode is null or 200 && endpointName is null
            ? builder.With(new HttpHealthAnnotation(path ?? "/"))
            : throw new NotSupportedException("The local engine checks for status 200 on the first endpoint only.");

    public static IResourceBuilder<T> WaitFor<T>(this IResourceBuilder<T> builder, IResourceBuilder<IResource> dependency)
        where T : IResourceWithWaitSupport => builder.With(new WaitForAnnotation(dependency.Resource, ExitCode: null));

    public static IResourceBuilder<T> WaitForCompletion<T>(this IResourceBuilder<T> builder, IResourceBuilder<IResource> dependency, int exitCode = 0)
        where T : IResourceWithWaitSupport => builder.With(new WaitForAnnotation(dependency.Resource, exitCode));
}
