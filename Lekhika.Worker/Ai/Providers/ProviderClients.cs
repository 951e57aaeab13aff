using Lekhika.Worker.Ai.Anthropic;
using Lekhika.Worker.Ai.Offline;
using Lekhika.Worker.Ai.OpenAi;
using Lekhika.Worker.Ai.Stability;
using Lekhika.Worker.Nodes;
using Microsoft.Extensions.AI;

namespace Lekhika.Worker.Ai.Providers;

/// <summary>The client of a provider's model. All of them throw <see cref="StepFault"/> and nothing else, except for the caller's own cancellation.</summary>
internal static class ProviderClients
{
    /// <param name="http">What requests go through; the account's connections when absent.</param>
    public static IChatClient Chat(ProviderAccount account, string modelId, HttpClient? http = null) => account.Kind switch
    {
        ProviderKinds.Anthropic => AnthropicChatClient.Of(account, modelId, http),
        ProviderKinds.Offline or ProviderKinds.Stability => throw Cannot(account, "does not write texts"),
        _ when SpeaksOpenAi(account.Kind) => OpenAiChatClient.Of(account, modelId, http),
        _ => throw Unknown(account),
    };

    public static IEmbeddingGenerator<string, Embedding<float>> Embeddings(ProviderAccount account, string modelId) => account.Kind switch
    {
        ProviderKinds.Offline => new OfflineEmbeddings(),
        ProviderKinds.Anthropic or ProviderKinds.Groq or ProviderKinds.Stability => throw Cannot(account, "makes no embeddings"),
        _ when SpeaksOpenAi(account.Kind) => new OpenAiEmbeddings(account, modelId),
        _ => throw Unknown(account),
    };

    public static IImageGenerator Images(ProviderAccount account, string modelId) => account.Kind switch
    {
        ProviderKinds.Stability => new StabilityImages(account, modelId),
        ProviderKinds.OpenAi or ProviderKinds.Google or ProviderKinds.OpenAiCompatible => new OpenAiImages(account, modelId),
        ProviderKinds.Offline or ProviderKinds.Anthropic => throw Cannot(account, "makes no images"),
        _ when SpeaksOpenAi(account.Kind) => throw Cannot(account, "makes no images"),
        _ => throw Unknown(account),
    };

    /// <summary>Whether it is asked by OpenAI's protocol.</summary>
    public static bool SpeaksOpenAi(string kind) => kind
        is ProviderKinds.OpenAi or ProviderKinds.Google or ProviderKinds.Mistral or ProviderKinds.Groq or ProviderKinds.OpenRouter
        or ProviderKinds.Ollama or ProviderKinds.Vllm or ProviderKinds.LlamaCpp or ProviderKinds.OpenAiCompatible;

    private static StepFault Cannot(ProviderAccount account, string what) =>
        StepFault.Permanent($"The provider '{account.Name}' ({account.Kind}) {what}. Choose another model.");

    private static StepFault Unknown(ProviderAccount account) =>
        StepFault.Permanent($"The provider '{account.Name}' is of the kind '{account.Kind}', which Lekhika does not know.");
}
