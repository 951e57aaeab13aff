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
    private const string Spent = "The account at the model's provider has nothing left to pay with. Top it up, or choose another model.";

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
        var said = status is >= 400 and < 500 ? await ErrorBody.ReadAsync(response.Content, cancellationToken) : null;
        var (errorClass, message) = response.StatusCode switch
        {
            // Another model may be asked, and it may be paid meanwhile.
            HttpStatusCode.PaymentRequired => (ErrorClasses.RateLimited, Spent),
            _ when said is { IsSpent: true } => (ErrorClasses.RateLimited, Spent),
            HttpStatusCode.TooManyRequests => (ErrorClasses.RateLimited, "The model's server has had too many requests."),
            HttpStatusCode.RequestTimeout => (ErrorClasses.TimedOut, "The model's server did not answer in time."),
            HttpStatusCode.Conflict or >= HttpStatusCode.InternalServerError => (ErrorClasses.Unavailable, $"The model's server answered {status}."),
            _ when said is { IsRefusal: true } => (ErrorClasses.Refused, ProviderFaults.Refusal),
            _ when said is { HasMissedSchema: true } => (ErrorClasses.InvalidAnswer, "The model's answer is not of the shape that was asked for."),
            HttpStatusCode.BadRequest when said is { Parameter: "temperature" or "seed" or "top_p" } =>
                (ErrorClasses.Permanent, $"The model does not take the {said.Parameter} that the request has."),
            _ => (ErrorClasses.Permanent, $"The model's server refused the request ({status}). Check the model's name and the key."),
        };
        return new StepFault(errorClass, message) { RetryAfter = Wait(response), Parameter = status == 400 ? said?.Parameter : null };
    }

    /// <summary>Seconds, or a date (RFC 9110, section 10.2.3), which may have passed.</summary>
    private static TimeSpan? Wait(HttpResponseMessage response)
    {
        var asked = response.Headers.RetryAfter;
        return (asked?.Delta ?? asked?.Date - TimeProvider.System.GetUtcNow()) is { } wait ? wait < TimeSpan.Zero ? TimeSpan.Zero : wait : null;
    }
}
