using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.ApplicationModel
{
    public sealed class PostgresServerResource : Resource, IResourceWithConnectionString
    {
        internal PostgresServerResource(string name, ParameterResource password)
            : base(name)
        {
            PasswordParameter = password;
            Annotations.Add(Endpoint);
        }

        public EndpointReferenceExpression Host => new(Endpoint, EndpointProperty.Host);

        public EndpointReferenceExpression Port => new(Endpoint, EndpointProperty.Port);

        public ParameterResource PasswordParameter { get; set; }

        public ReferenceExpression ConnectionStringExpression =>
            ReferenceExpression.Create($"Host={Host};Port={Port};Username=postgres;Password={PasswordParameter}");

        internal EndpointAnnotation Endpoint { get; } = new("tcp");

        IEnumerable<KeyValuePair<string, ReferenceExpression>> IResourceWithConnectionString.GetConnectionProperties() =>
        [
            new("Host", ReferenceExpression.Create($"{Host}")),
            new("Port", ReferenceExpression.Create($"{Port}")),
            new("Username", ReferenceExpression.Create($"postgres")),
            new("Password", ReferenceExpression.Create($"{PasswordParameter}")),
            new("Uri", ReferenceExpression.Create($"postgresql://postgres:{PasswordParameter}@{Host}:{Port}")),
        ];
    }

    public sealed class PostgresDatabaseResource : Resource, IResourceWithConnectionString
    {
        internal PostgresDatabaseResource(string name, string databaseName, PostgresServerResource parent)
            : base(name)
        {
            DatabaseName = databaseName;
            Parent = parent;
            Annotations.Add(new WaitForAnnotation(parent, ExitCode: null));
        }

        public string DatabaseName { get; }

        public PostgresServerResource Parent { get; }

        public ReferenceExpression ConnectionStringExpression => ReferenceExpression.Create($"{Parent.ConnectionStringExpression};Database={DatabaseName}");

        IEnumerable<KeyValuePair<string, ReferenceExpression>> IResourceWithConnectionString.GetConnectionProperties() =>
        [
            .. ((IResourceWithConnectionString)Parent).GetConnectionProperties().Where(property => property.Key != "Uri"),
            new("DatabaseName", ReferenceExpression.Create($"{DatabaseName}")),
            new("Uri", ReferenceExpression.Create($"postgresql://postgres:{Parent.PasswordParameter}@{Parent.Host}:{Parent.Port}/{DatabaseName}")),
        ];
    }
}

namespace Aspire.Hosting
{
    public static class PostgresBuilderExtensions
    {
        public static IResourceBuilder<PostgresServerResource> AddPostgres(this IDistributedApplicationBuilder builder, string name, IResourceBuilder<ParameterResource>? userName = null, IResourceBuilder<ParameterResource>? password = null, int? port = null)
        {
            if (userName is not null || password is null)
            {
                throw new NotSupportedException("The local engine's PostgreSQL has the administrator 'postgres' and needs a password parameter.");
            }

            var server = new PostgresServerResource(name, password.Resource);
            server.Endpoint.Port = port;
            return builder.AddResource(server);
        }

        public static IResourceBuilder<PostgresDatabaseResource> AddDatabase(this IResourceBuilder<PostgresServerResource> builder, string name, string? databaseName = null) =>
            builder.ApplicationBuilder.AddResource(new PostgresDatabaseResource(name, databaseName ?? name, builder.Resource));

        /// <summary>The data live in the data folder.</summary>
        public static IResourceBuilder<PostgresServerResource> WithDataVolume(this IResourceBuilder<PostgresServerResource> builder, string? name = null, bool isReadOnly = false) =>
            name is null && !isReadOnly ? builder.With(new DataVolumeAnnotation()) : throw new NotSupportedException("The local engine names its folders itself, and writes to them.");
    }
}
