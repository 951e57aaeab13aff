using Lekhika.Worker.Nodes;

namespace Lekhika.Worker.Ai.Providers;

/// <summary>
/// Where a provider is reached: at the account's address, else at the provider's own. An address without a path has the path of its kind, since many
/// name a server alone; Anthropic's may be named with the <c>/v1</c> that its client adds itself.
/// </summary>
internal static class ProviderAddresses
{
    private static readonly Dictionary<string, Uri> Own = new(StringComparer.Ordinal)
    {
        [ProviderKinds.OpenAi] = new("https://api.openai.com/v1/"),
        [ProviderKinds.Anthropic] = new("https://api.anthropic.com/"),
        [ProviderKinds.Google] = new("https://generativelanguage.googleapis.com/v1beta/openai/"),
        [ProviderKinds.Mistral] = new("https://api.mistral.ai/v1/"),
        [ProviderKinds.Groq] = new("https://api.groq.com/openai/v1/"),
        [ProviderKinds.OpenRouter] = new("https://openrouter.ai/api/v1/"),
        [ProviderKinds.Ollama] = new("http://localhost:11434/v1/"),
        [ProviderKinds.Vllm] = new("http://localhost:8000/v1/"),
        [ProviderKinds.LlamaCpp] = new("http://localhost:8080/v1/"),
        [ProviderKinds.Stability] = new("https://api.stability.ai/"),
    };

    /// <summary>The base address with a slash at its end; <see cref="StepFault"/> when there is none, or a key is missing or no key.</summary>
    public static Uri Of(ProviderAccount account)
    {
        var address = account.BaseAddress ?? Own.GetValueOrDefault(account.Kind)
            ?? throw StepFault.Permanent($"The provider '{account.Name}' has no address. Its kind, {account.Kind}, has none of its own.");
        if (!address.IsAbsoluteUri || address.Scheme is not ("http" or "https") || address.UserInfo.Length + address.Query.Length + address.Fragment.Length > 0)
        {
            throw StepFault.Permanent($"The address of the provider '{account.Name}' is no http or https address, or more than that.");
        }

        if (string.IsNullOrWhiteSpace(account.Secret) ? account.BaseAddress is null && address.Scheme == "https" : account.Secret.Any(letter => letter is <= ' ' or > '~'))
        {
            throw StepFault.Permanent($"The provider '{account.Name}' has no key, or one with characters that no key has.");
        }

        if (account.BaseAddress is not null && address.AbsolutePath == "/" && Own.TryGetValue(account.Kind, out var own))
        {
            return new Uri(address, own.AbsolutePath);
        }

        var path = account.Kind == ProviderKinds.Anthropic && address.AbsoluteUri.TrimEnd('/') is var whole && whole.EndsWith("/v1", StringComparison.Ordinal) ? whole[..^2] : address.AbsoluteUri;
        return new Uri(path.EndsWith('/') ? path : path + "/");
    }
}
