using System.Collections.Concurrent;
using System.Net;
using Lekhika.Worker.Ai.Providers;
using Lekhika.Worker.Ai.Providers.Http;
using Lekhika.Worker.Nodes;

namespace Lekhika.Worker.Ai.Health;

/// <summary>
/// Finds out how a provider is: by the calls that were made anyway, and for one of which nothing was heard for ten minutes by its list of models,
/// which costs nothing and shows whether the key is good.
/// </summary>
internal sealed class ProviderProbe(ProviderPulse pulse)
{
    /// <summary>What is older says nothing any more.</summary>
    public static readonly TimeSpan Recent = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    // Whoever asks while a provider is asked waits for that answer.
    private readonly ConcurrentDictionary<(Guid Id, string Name), Lazy<Task>> _underWay = new();

    /// <summary>Whether it is somebody's server at all.</summary>
    public static bool IsRemote(ProviderAccount account) => account.Kind is not (ProviderKinds.Offline or ProviderKinds.Simulated);

    /// <summary>How it was when it was heard of last.</summary>
    public async Task<ProviderPulse.Beat> FindAsync(ProviderAccount account, CancellationToken cancellationToken)
    {
        if (pulse.Of(account, Recent) is { } beat)
        {
            return beat;
        }

        var place = (account.Id, account.Name);
        await _underWay.GetOrAdd(place, static (place, own) => new Lazy<Task>(() => own.Probe.ProbeAsync(own.Account, place)), (Probe: this, Account: account)).Value.WaitAsync(cancellationToken);
        return pulse.Of(account, Recent)!;
    }

    private async Task ProbeAsync(ProviderAccount account, (Guid, string) place)
    {
        using var limit = new CancellationTokenSource(Patience);
        var (isWell, word) = (false, "does not answer");
        try
        {
            // A server without such a list is there all the same.
            (isWell, word) = await ProviderHttp.ProbeAsync(account, limit.Token) switch
            {
                HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => (false, "refuses its key"),
                >= HttpStatusCode.InternalServerError and var status => (false, $"answers {(int)status}"),
                _ => (true, "answers"),
            };
        }
        catch (StepFault fault)
        {
            // Its address or its key cannot be one.
            word = fault.Message;
        }
        catch (HttpRequestException error) when (error.InnerException is StepFault fault)
        {
            word = fault.Message;
        }
        catch (Exception error) when (error is HttpRequestException or OperationCanceledException or IOException)
        {
            // Said so.
        }
        finally
        {
            pulse.Probed(account, isWell, word);
            _underWay.TryRemove(place, out _);
        }
    }
}
