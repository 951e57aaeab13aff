using System.Net;
using Lekhika.Core.Executions;
using Lekhika.Worker.Nodes;

namespace Lekhika.Worker.Ai.Providers.Http;

/// <summary>
/// Turns an answer that is no success into a <see cref="StepFault"/>, by whether another try may help. The server's own text stays
/// out: it may repeat the prompt or the key. Here and not above the clients, since those lose <c>Retry-After</c>.
/// </summary>
internal sealed class ProviderFaultHandler : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        HttpResponseMessage response;
        try
        {
            response = await base.SendAsync(request, cancellationToken);
        }
        catch (HttpRequestException error)
        {
            throw error.InnerException as StepFault ?? ProviderFaults.Of(error, cancellationToken);
        }

        if (response.IsSuccessStatusCode)
        {
            return response;
        }

        using (response)
        {
            throw await FaultAsync(response, cancellationToken);
        }
    }

    private static async Task<StepFault> FaultAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var status = (int)response.StatusCode;
        var (errorClass, message) = response.StatusCode switch
        {
            HttpStatusCode.TooManyRequests => (ErrorClasses.RateLimited, "The model's server has had too many requests."),
            HttpStatusCode.RequestTimeout => (ErrorClasses.TimedOut, "The model's server did not answer in time."),
            HttpStatusCode.Conflict or >= HttpStatusCode.InternalServerError => (ErrorClasses.Unavailable, $"The model's server answered {status}."),
            _ when await RefusalBody.IsRefusalAsync(response.Content, cancellationToken) => (ErrorClasses.Refused, ProviderFaults.Refusal),
            _ => (ErrorClasses.Permanent, $"The model's server refused the request ({status}). Check the model's name and the key."),
        };
        return new StepFault(errorClass, message) { RetryAfter = Wait(response) };
    }

    /// <summary>Seconds, or a date (RFC 9110, section 10.2.3), which may have passed.</summary>
    private static TimeSpan? Wait(HttpResponseMessage response)
    {
        var asked = response.Headers.RetryAfter;
        return (asked?.Delta ?? asked?.Date - TimeProvider.System.GetUtcNow()) is { } wait ? wait < TimeSpan.Zero ? TimeSpan.Zero : wait : null;
    }
}
