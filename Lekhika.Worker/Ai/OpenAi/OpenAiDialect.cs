using Lekhika.Worker.Ai.Providers;

namespace Lekhika.Worker.Ai.OpenAi;

/// <summary>In what a server that speaks OpenAI's protocol differs from OpenAI's own.</summary>
/// <param name="SeedName">How it calls the seed; null: it takes none.</param>
/// <param name="MaxTokensByOldName">Whether it calls the limit of the answer <c>max_tokens</c>.</param>
/// <param name="CountsUnasked">Whether it counts tokens without being asked, and refuses the question.</param>
/// <param name="StreamsStructure">Whether it streams what it writes by a schema.</param>
/// <param name="IsStrict">Whether it keeps to schemas to the letter when asked.</param>
internal sealed record OpenAiDialect(string? SeedName, bool MaxTokensByOldName, bool CountsUnasked, bool StreamsStructure, bool IsStrict)
{
    public static OpenAiDialect Of(ProviderAccount account) => new(
        account.Kind switch
        {
            ProviderKinds.Google => null,
            // It refuses requests with properties that it does not know.
            ProviderKinds.Mistral => "random_seed",
            _ => "seed",
        },
        account.Settings.MaxTokensByOldName || account.Kind is ProviderKinds.Mistral or ProviderKinds.Ollama or ProviderKinds.LlamaCpp,
        account.Kind == ProviderKinds.Mistral,
        // https://console.groq.com/docs/structured-outputs: "Streaming and tool use are not currently supported with Structured Outputs."
        account.Kind != ProviderKinds.Groq,
        // Others may not know the word, or not for all of their models.
        account.Kind == ProviderKinds.OpenAi && account.BaseAddress is null);

    /// <summary>The provider's name in telemetry (OpenTelemetry's <c>gen_ai.provider.name</c>).</summary>
    public static string ProviderName(ProviderAccount account) => account.Kind switch
    {
        ProviderKinds.Google => "gcp.gemini",
        ProviderKinds.Mistral => "mistral_ai",
        var kind => kind,
    };
}
