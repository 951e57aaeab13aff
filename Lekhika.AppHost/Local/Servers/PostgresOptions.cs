namespace Lekhika.AppHost.Local.Servers;

/// <summary>One PostgreSQL cluster, its superuser being <c>postgres</c>.</summary>
/// <param name="DataDirectory">Full path. Made on the first start; as root, below folders that the account of <see cref="ServerAccount"/> may enter.</param>
/// <param name="Password">The superuser's password, fixed when the cluster is made.</param>
internal sealed record PostgresOptions(string DataDirectory, string Password)
{
    /// <summary>0: any free one.</summary>
    public int Port { get; init; }

    /// <summary>Server settings that come after the durable defaults, such as <c>fsync=off</c> for tests.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>Receives each line of the server's log.</summary>
    public Action<string> OnLine { get; init; } = static _ => { };
}
