using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.ApplicationModel
{
    public sealed class RedisResource : Resource, IResourceWithConnectionString
    {
        internal RedisResource(string name, ParameterResource password)
            : base(name)
        {
            PasswordParameter = password;
            Annotations.Add(Endpoint);
        }

        public EndpointReferenceExpression Host => new(Endpoint, EndpointProperty.Host);

        public EndpointReferenceExpression Port => new(Endpoint, EndpointProperty.Port);

        public ParameterResource? PasswordParameter { get; }

        public ReferenceExpression ConnectionStringExpression => ReferenceExpression.Create($"{Host}:{Port},password={PasswordParameter!}");

        internal EndpointAnnotation Endpoint { get; } = new("tcp");

        IEnumerable<KeyValuePair<string, ReferenceExpression>> IResourceWithConnectionString.GetConnectionProperties() =>
        [
            new("Host", ReferenceExpression.Create($"{Host}")),
            new("Port", ReferenceExpression.Create($"{Port}")),
            new("Password", ReferenceExpression.Create($"{PasswordParameter!}")),
            new("Uri", ReferenceExpression.Create($"redis://:{PasswordParameter!}@{Host}:{Port}")),
        ];
    }
}

namespace Aspire.Hosting
{
    public static class RedisBuilderExtensions
    {
        public static IResourceBuilder<RedisResource> AddRedis(this IDistributedApplicationBuilder builder, string name, int? port = null, IResourceBuilder<ParameterResource>? password = null)
        {
            var redis = new RedisResource(name, (password ?? throw new NotSupportedException("The local engine's Redis needs a password parameter.")).Resource);
            redis.Endpoint.Port = port;
            return builder.AddResource(redis);
        }

        /// <summary>The data live in the data folder; without it, nothing is kept.</summary>
        public static IResourceBuilder<RedisResource> WithDataVolume(this IResourceBuilder<RedisResource> builder, string? name = null, bool isReadOnly = false) =>
            name is null && !isReadOnly ? builder.With(new DataVolumeAnnotation()) : throw new NotSupportedException("The local engine names its folders itself, and writes to them.");
    }
}
