using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Lekhika.Core.Executions;
using Lekhika.Worker.Ai.Providers;
using Lekhika.Worker.Nodes;
using Microsoft.Extensions.AI;

namespace Lekhika.Worker.Ai.Batches;

/// <summary>
/// A request exactly as the provider's client would send it, but for the streaming: the client itself writes it, and what would be the network keeps it. So
/// nothing that providers differ in is known twice.
/// </summary>
internal static class BatchRequest
{
    private static readonly JsonSerializerOptions AsItIs = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The request's JSON.</summary>
    public static async Task<string> OfAsync(ProviderAccount account, string modelId, IReadOnlyList<ChatMessage> messages, ChatOptions options, CancellationToken cancellationToken)
    {
        using var capture = new Capture();
        using var http = new HttpClient(capture, disposeHandler: false);
        using var client = ProviderClients.Chat(account, modelId, http);
        try
        {
            await client.GetStreamingResponseAsync(messages, options, cancellationToken).ToChatResponseAsync(cancellationToken);
        }
        catch (StepFault) when (capture.Body is not null)
        {
            // As it must end: nobody has answered.
        }

        var body = JsonNode.Parse(capture.Body ?? throw new InvalidOperationException("The provider's client sent nothing."))!.AsObject();
        body.Remove("stream");
        body.Remove("stream_options");
        return body.ToJsonString(AsItIs);
    }

    private sealed class Capture : HttpMessageHandler
    {
        public string? Body { get; private set; }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Body = await request.Content!.ReadAsStringAsync(cancellationToken);
            throw new StepFault(ErrorClasses.Permanent, "Not sent.");
        }
    }
}
