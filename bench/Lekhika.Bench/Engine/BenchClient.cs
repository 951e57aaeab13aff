using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace Lekhika.Bench.Engine;

/// <summary>An account with its copies of the engines, by the masters' keys, and its keys of the Api's.</summary>
internal sealed record BenchUser(Guid Id, IReadOnlyDictionary<string, Guid> Engines, IReadOnlyList<string> Keys);

/// <summary>
/// Whoever uses the measured system, through its public Api. Submissions go round all keys of all users and so stay below what one key
/// may ask (50 a second, 200 at once).
/// </summary>
internal sealed class BenchClient(Uri api, CancellationToken stop) : IDisposable
{
    private const int KeysPerUser = 3;

    private readonly HttpClient _http = new() { BaseAddress = api, Timeout = TimeSpan.FromSeconds(30) };
    private int _turn;

    public IReadOnlyList<BenchUser> Users { get; private set; } = [];

    /// <summary>Makes accounts; the Api allows an address 100 in five minutes.</summary>
    public async Task RegisterAsync(int users)
    {
        var made = new BenchUser[users];
        // Hashing passwords is work on purpose: as many at once as there are processors.
        await Parallel.ForAsync(0, users, stop, async (index, _) => made[index] = await RegisterOneAsync(index));
        Users = made;
    }

    /// <summary>Queues a run and returns its id.</summary>
    /// <param name="engine">The master's key.</param>
    /// <param name="order">The request's body.</param>
    public async Task<Guid> SubmitAsync(string engine, byte[] order)
    {
        var (round, index) = Math.DivRem(Interlocked.Increment(ref _turn) & int.MaxValue, Users.Count);
        var user = Users[index];
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/engines-api/{user.Engines[engine]}/execute") { Content = new ByteArrayContent(order) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Add("X-API-Key", user.Keys[round % KeysPerUser]);
        var answer = await SendAsync(request);
        return answer.GetProperty("data").GetProperty("executionId").GetGuid();
    }

    /// <summary>Asks to stop a run of the user.</summary>
    public Task StopAsync(Guid user, Guid run) =>
        SendAsync(new(HttpMethod.Post, $"/v1/executions/{run}/stop") { Headers = { { "X-API-Key", Users.Single(known => known.Id == user).Keys[0] } } });

    public void Dispose() => _http.Dispose();

    private async Task<BenchUser> RegisterOneAsync(int index)
    {
        var session = await SendAsync(new(HttpMethod.Post, "/v1/auth/register")
        {
            Content = JsonContent.Create(new { email = $"user-{index}@example.org", password = "a long enough password" }),
        });
        var keys = new List<string>();
        for (var key = 0; key < KeysPerUser; key++)
        {
            var created = await SendAsync(new(HttpMethod.Post, "/v1/keys")
            {
                Content = JsonContent.Create(new { name = $"bench {key}" }),
                Headers = { Authorization = new("Bearer", session.GetProperty("accessToken").GetString()) },
            });
            keys.Add(created.GetProperty("key").GetString()!);
        }

        var list = await SendAsync(new(HttpMethod.Get, "/engines-api/list") { Headers = { { "X-API-Key", keys[0] } } });
        var engines = list.GetProperty("data").GetProperty("engines").EnumerateArray().ToDictionary(engine => engine.GetProperty("key").GetString()!, engine => engine.GetProperty("id").GetGuid());
        return new BenchUser(session.GetProperty("user").GetProperty("id").GetGuid(), engines, keys);
    }

    /// <exception cref="BenchFailedException">The Api refused.</exception>
    private async Task<JsonElement> SendAsync(HttpRequestMessage request)
    {
        using (request)
        {
            using var response = await _http.SendAsync(request, stop);
            return response.IsSuccessStatusCode
                ? await response.Content.ReadFromJsonAsync<JsonElement>(stop)
                : throw new BenchFailedException($"The Api answered {(int)response.StatusCode} to {request.Method} {request.RequestUri}: {await response.Content.ReadAsStringAsync(stop)}");
        }
    }
}
