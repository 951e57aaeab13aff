namespace Lekhika.Worker.Ai.Providers;

/// <summary>A provider as somebody has configured it: by a row of <c>ai_providers</c>, or in the environment.</summary>
/// <param name="Id">Empty for one of the environment.</param>
/// <param name="Name">The key of <c>keyName:modelId</c>.</param>
/// <param name="Kind">One of <see cref="ProviderKinds"/>.</param>
/// <param name="BaseAddress">Null: the provider's own.</param>
/// <param name="Secret">The key in clear, held in memory only; null where none is wanted.</param>
internal sealed record ProviderAccount(Guid Id, string Name, string Kind, Uri? BaseAddress, string? Secret, ProviderSettings Settings)
{
    /// <summary>Whether the key is a user's own and not the platform's.</summary>
    public bool IsOwn { get; init; }

    /// <summary>Whether it must not lead into our own network (<see cref="Core.Providers.ProviderAddress"/>): a user has named its address.</summary>
    public bool MustBePublic { get; init; }

    /// <summary>When anything of it was changed last: what was heard of it before says nothing of it now.</summary>
    public DateTimeOffset ChangedAt { get; init; }

    /// <summary>Without the secret: records print all they have.</summary>
    public override string ToString() => $"{Name} ({Kind})";
}

/// <summary>The kinds of providers; those without a client of their own speak OpenAI's protocol at their base address.</summary>
internal static class ProviderKinds
{
    public const string Offline = "offline";
    public const string OpenAi = "openai";
    public const string Anthropic = "anthropic";
    public const string Google = "google";
    public const string Mistral = "mistral";
    public const string Groq = "groq";
    public const string OpenRouter = "openrouter";
    public const string Ollama = "ollama";
    public const string Vllm = "vllm";
    public const string LlamaCpp = "llamacpp";
    public const string OpenAiCompatible = "openai_compatible";
    public const string Stability = "stability";

    /// <summary>No row's: the model of rehearsals.</summary>
    public const string Simulated = "simulated";
}

/// <summary>A provider's limits and quirks: the column <c>settings</c>. A limit that is absent does not limit.</summary>
internal sealed record ProviderSettings
{
    /// <summary>Calls of one model at once, over all processes.</summary>
    public int? Concurrency { get; init; }

    /// <summary>Calls of one model in any 60 seconds, over all processes.</summary>
    public int? RequestsPerMinute { get; init; }

    /// <summary>Tokens of one model, in and out, in any 60 seconds, over all processes.</summary>
    public int? TokensPerMinute { get; init; }

    /// <summary>Whether the server wants <c>max_tokens</c> instead of <c>max_completion_tokens</c>.</summary>
    public bool MaxTokensByOldName { get; init; }

    /// <summary>Whether the server has the batch interface of its protocol; null: as <see cref="Routing.AvailableModel.HasBatches"/> thinks.</summary>
    public bool? Batches { get; init; }
}
