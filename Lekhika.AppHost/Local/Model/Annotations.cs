namespace Aspire.Hosting.ApplicationModel;

/// <summary>One variable of a process: text is an expression without references.</summary>
internal sealed record EnvironmentAnnotation(string Name, IValueProvider Value) : IResourceAnnotation;

/// <summary>The addresses of another project, by name.</summary>
internal sealed record ServiceReferenceAnnotation(IResource Service) : IResourceAnnotation;

/// <param name="ExitCode">Null: wait for Running and Healthy. Else: wait for the end, with this code.</param>
internal sealed record WaitForAnnotation(IResource Dependency, int? ExitCode) : IResourceAnnotation;

internal sealed record HttpHealthAnnotation(string Path) : IResourceAnnotation;

internal sealed record ReplicasAnnotation(int Count) : IResourceAnnotation;

/// <summary>The data outlive the process.</summary>
internal sealed record DataVolumeAnnotation : IResourceAnnotation;

internal static class AnnotationExtensions
{
    public static IResourceBuilder<T> With<T>(this IResourceBuilder<T> builder, IResourceAnnotation annotation)
        where T : IResource
    {
        builder.Resource.Annotations.Add(annotation);
        return builder;
    }

    public static IEnumerable<TAnnotation> All<TAnnotation>(this IResource resource) => resource.Annotations.OfType<TAnnotation>();
}
