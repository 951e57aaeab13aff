using System.Net;
using System.Security.Cryptography;

namespace Lekhika.Run.Api;

/// <summary>The user that <c>./run</c> registers on the first start; kept in the data folder, readable by its owner only.</summary>
internal sealed record DemoAccount(string Email, string Password, string Key)
{
    private const string FileName = "demo-account.json";

    /// <summary>The kept account if the system still knows it, else a new one; and the engine that writes books.</summary>
    public static async Task<(DemoAccount Account, Engine Engine)> EnsureAsync(LekhikaApi api, string dataDirectory, CancellationToken cancellationToken)
    {
        var file = Path.Combine(dataDirectory, FileName);
        var kept = await PrivateFile.ReadAsync<DemoAccount>(file, cancellationToken);
        if (kept is not null && await TryAsync(() => api.EnginesAsync(kept.Key, cancellationToken)) is { } engines)
        {
            return (kept, BookEngine(engines));
        }

        // A key that was revoked, or a database that was made anew below the same folder.
        var account = (kept is null ? null : await LogInAsync(api, kept, cancellationToken)) ?? await RegisterAsync(api, cancellationToken);
        await PrivateFile.WriteAsync(file, account, cancellationToken);
        return (account, BookEngine(await api.EnginesAsync(account.Key, cancellationToken)));
    }

    private static async Task<DemoAccount?> LogInAsync(LekhikaApi api, DemoAccount kept, CancellationToken cancellationToken) =>
        await TryAsync(() => api.LoginAsync(kept.Email, kept.Password, cancellationToken)) is { } login
            ? kept with { Key = (await api.MakeKeyAsync(login.AccessToken, cancellationToken)).Key }
            : null;

    private static async Task<DemoAccount> RegisterAsync(LekhikaApi api, CancellationToken cancellationToken)
    {
        var email = $"demo-{RandomNumberGenerator.GetHexString(8, lowercase: true)}@lekhika.example";
        var password = RandomNumberGenerator.GetString("abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789", 24);
        var login = await api.RegisterAsync(email, password, cancellationToken);
        return new(email, password, (await api.MakeKeyAsync(login.AccessToken, cancellationToken)).Key);
    }

    private static Engine BookEngine(IReadOnlyList<Engine> engines) =>
        engines.FirstOrDefault(engine => engine.Key == "book") ?? (engines is [var first, ..] ? first : null)
        ?? throw new RunFailedException("The demo user has no engine; the database was not seeded. Start with another --data folder.");

    /// <summary>Null when the credentials are not known.</summary>
    private static async Task<T?> TryAsync<T>(Func<Task<T>> ask)
        where T : class
    {
        try
        {
            return await ask();
        }
        catch (ApiException refused) when (refused.Status is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
        {
            return null;
        }
    }
}
