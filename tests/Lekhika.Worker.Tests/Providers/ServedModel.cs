using System.Text.Json;
using Lekhika.Testing.Models;
using Lekhika.Worker.Ai.Providers;
using Lekhika.Worker.Nodes;
using Microsoft.Extensions.AI;

namespace Lekhika.Worker.Tests.Providers;

/// <summary>A provider's client and a server of this process that speaks its protocol, with a socket between them.</summary>
internal sealed class ServedModel : IAsyncDisposable
{
    public const string Secret = "sk-secret";
    public const string Model = "quill-1";

    private readonly IAsyncDisposable _server;
    private readonly Func<IEnumerable<JsonElement>> _bodies;

    private ServedModel(IAsyncDisposable server, Func<IEnumerable<JsonElement>> bodies, Func<string> key, ProviderAccount account)
    {
        (_server, _bodies, Key, Account) = (server, bodies, key, account);
        Client = ProviderClients.Chat(account, Model);
    }

    public IChatClient Client { get; }

    public ProviderAccount Account { get; }

    /// <summary>The key of the last request, as the server got it.</summary>
    public Func<string> Key { get; }

    /// <summary>The only request.</summary>
    public JsonElement Body => _bodies().ShouldHaveSingleItem();

    public static async Task<ServedModel> StartAsync(string kind, CompletionAnswer answer, ProviderSettings? settings = null)
    {
        if (kind == ProviderKinds.Anthropic)
        {
            var server = await AnthropicServer.StartAsync(_ => answer);
            return new ServedModel(server, () => server.Requests.Select(request => request.Body), () => server.Requests[^1].ApiKey, Of(kind, server.BaseUrl, settings));
        }

        var openAi = await ChatCompletionsServer.StartAsync(_ => answer);
        return new ServedModel(openAi, () => openAi.Requests.Select(request => request.Body), () => openAi.Requests[^1].Authorization, Of(kind, openAi.BaseUrl, settings));
    }

    public static ProviderAccount Of(string kind, string? address, ProviderSettings? settings = null, string? secret = Secret) =>
        new(Guid.NewGuid(), $"my-{kind}", kind, address is null ? null : new Uri(address), secret, settings ?? new ProviderSettings());

    /// <summary>Asks in one piece or streamed.</summary>
    public Task<ChatResponse> AskAsync(bool isStreamed, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        AskAsync([new(ChatRole.System, "You are a writer."), new(ChatRole.User, "Write.")], isStreamed, options, cancellationToken);

    public Task<ChatResponse> AskAsync(IReadOnlyList<ChatMessage> messages, bool isStreamed, ChatOptions? options = null, CancellationToken cancellationToken = default) => isStreamed
        ? Client.GetStreamingResponseAsync(messages, options, cancellationToken).ToChatResponseAsync(cancellationToken)
        : Client.GetResponseAsync(messages, options, cancellationToken);

    /// <summary>The fault of a question, which has nothing in it that the server or the account keeps secret.</summary>
    public async Task<StepFault> FaultAsync(bool isStreamed)
    {
        var fault = await Should.ThrowAsync<StepFault>(() => AskAsync(isStreamed));
        fault.ToString().ShouldNotContain(Secret);
        fault.ToString().ShouldNotContain("The server says");
        return fault;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _server.DisposeAsync();
    }
}

/// <summary>Each protocol, in one piece and streamed; Google by the endpoint that speaks OpenAI's.</summary>
internal sealed class EachProtocol : TheoryData<string, bool>
{
    public EachProtocol()
    {
        foreach (var kind in (string[])[ProviderKinds.OpenAi, ProviderKinds.Google, ProviderKinds.Anthropic])
        {
            Add(kind, false);
            Add(kind, true);
        }
    }
}
