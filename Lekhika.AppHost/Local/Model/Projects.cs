using Aspire.Hosting.ApplicationModel;
using Lekhika.AppHost.Local.Engine;

namespace Aspire.Hosting.ApplicationModel
{
    public class ProjectResource : Resource, IResourceWithEnvironment, IResourceWithServiceDiscovery, IResourceWithWaitSupport
    {
        public ProjectResource(string name)
            : base(name)
        {
        }
    }
}

namespace Aspire.Hosting
{
    public interface IProjectMetadata : IResourceAnnotation
    {
        string ProjectPath { get; }
    }

    public static class ProjectResourceBuilderExtensions
    {
        /// <summary>Endpoints and variables come from the project's launch profile.</summary>
        public static IResourceBuilder<ProjectResource> AddProject<TProject>(this IDistributedApplicationBuilder builder, string name)
            where TProject : IProjectMetadata, new()
        {
            var metadata = new TProject();
            var profile = LaunchProfile.Of(metadata.ProjectPath);
            var project = builder.AddResource(new ProjectResource(name)).With(metadata).With(profile);
            return profile.Port is { } port ? project.WithEndpoint("http", endpoint => endpoint.Port = port) : project;
        }

        public static IResourceBuilder<ProjectResource> WithReplicas(this IResourceBuilder<ProjectResource> builder, int replicas) =>
            builder.With(new ReplicasAnnotation(replicas));
    }
}
