namespace Lekhika.AppHost.Local.Servers;

/// <summary>One Redis server.</summary>
/// <param name="DataDirectory">Full path of a folder; made when it is not there.</param>
/// <param name="Password">Letters and digits.</param>
internal sealed record RedisOptions(string DataDirectory, string Password)
{
    /// <summary>0: any free one.</summary>
    public int Port { get; init; }

    /// <summary>True: an append-only file, flushed every second. False: nothing is kept.</summary>
    public bool Persistent { get; init; } = true;

    /// <summary>Receives each line of the server's log.</summary>
    public Action<string> OnLine { get; init; } = static _ => { };
}
