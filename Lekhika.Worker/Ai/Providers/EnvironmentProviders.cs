using Lekhika.Worker.Ai.Routing;

namespace Lekhika.Worker.Ai.Providers;

/// <summary>
/// The simple case, from the environment alone: <c>LEKHIKA_OPENAI_API_KEY</c>, <c>LEKHIKA_ANTHROPIC_API_KEY</c> or <c>LEKHIKA_GOOGLE_API_KEY</c>, each with a
/// <c>_BASE_URL</c>, a <c>_MODEL</c> and a <c>_BATCHES</c> (true or false) of its own; or the address of a local server alone.
/// </summary>
internal static class EnvironmentProviders
{
    // In the order of preference, when there are several.
    private static readonly IReadOnlyList<(string Kind, string Prefix, string Model)> Known =
    [
        (ProviderKinds.OpenAi, "LEKHIKA_OPENAI", "gpt-6.1-terra"),
        (ProviderKinds.Anthropic, "LEKHIKA_ANTHROPIC", "claude-sonnet-5-5"),
        (ProviderKinds.Google, "LEKHIKA_GOOGLE", "gemini-3.8-flash"),
    ];

    /// <summary>Registers the providers that the environment names; before the offline author, so that the first of them is the platform's default.</summary>
    /// <exception cref="InvalidOperationException">A value cannot be what it should; the message names the variable.</exception>
    public static IServiceCollection AddEnvironmentProviders(this IServiceCollection services, IConfiguration configuration)
    {
        foreach (var (kind, prefix, usual) in Known)
        {
            var (address, key) = (Value("BASE_URL"), Value("API_KEY"));
            if ((address ?? key) is null)
            {
                continue;
            }

            Uri? server = null;
            if (address is not null && !(Uri.TryCreate(address, UriKind.Absolute, out server) && server.Scheme is "http" or "https"))
            {
                throw new InvalidOperationException($"{prefix}_BASE_URL is '{address}', which is no http or https address.");
            }

            var account = new ProviderAccount(Guid.Empty, kind, kind, server, key, new ProviderSettings { Batches = Flag("BATCHES") });
            var model = Value("MODEL") ?? usual;
            services.AddSingleton(new ModelProvider(kind, model, ProviderClients.Chat(account, model), null) { Account = account });

            bool? Flag(string name) => Value(name) is not { } word
                ? null
                : bool.TryParse(word, out var flag) ? flag : throw new InvalidOperationException($"{prefix}_{name} is '{word}'; it is true or false.");

            string? Value(string name) => configuration[$"{prefix}_{name}"] is { } value && !string.IsNullOrWhiteSpace(value) ? value.Trim() : null;
        }

        return services;
    }
}
