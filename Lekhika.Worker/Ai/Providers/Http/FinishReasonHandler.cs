namespace Lekhika.Worker.Ai.Providers.Http;

/// <summary>
/// Says in OpenAI's words why an answer has ended, where a server has words of its own: Gemini has <c>SAFETY</c> and <c>MAX_TOKENS</c>, Mistral
/// <c>model_length</c>, others <c>eos</c>. The official client knows only OpenAI's, and fails with the whole answer at any other.
/// </summary>
internal sealed class FinishReasonHandler : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        var translated = new StreamContent(new FinishReasonStream(await response.Content.ReadAsStreamAsync(cancellationToken)));
        foreach (var (name, values) in response.Content.Headers.Where(header => header.Key != "Content-Length"))
        {
            translated.Headers.TryAddWithoutValidation(name, values);
        }

        response.Content = translated;
        return response;
    }
}
