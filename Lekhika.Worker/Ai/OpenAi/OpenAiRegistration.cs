using Lekhika.Worker.Ai.Providers;

namespace Lekhika.Worker.Ai.OpenAi;

/// <summary>The simple case, from the environment alone: a key of OpenAI's, or the address of a server that speaks its protocol.</summary>
internal static class OpenAiRegistration
{
    public const string BaseUrl = "LEKHIKA_OPENAI_BASE_URL";
    public const string ApiKey = "LEKHIKA_OPENAI_API_KEY";
    public const string Model = "LEKHIKA_OPENAI_MODEL";

    private const string DefaultModel = "gpt-5-mini";

    /// <summary>Registers the provider when the environment names one; before the offline author, so that it is the platform's default.</summary>
    public static IServiceCollection AddOpenAi(this IServiceCollection services, IConfiguration configuration)
    {
        var (address, key) = (configuration[BaseUrl], configuration[ApiKey]);
        if (string.IsNullOrWhiteSpace(address) && string.IsNullOrWhiteSpace(key))
        {
            return services;
        }

        if (!string.IsNullOrWhiteSpace(address) && !(Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"))
        {
            throw new InvalidOperationException($"{BaseUrl} is '{address}', which is no http or https address.");
        }

        var model = configuration[Model] is { Length: > 0 } asked ? asked : DefaultModel;
        var account = new ProviderAccount(
            Guid.Empty, "openai", ProviderKinds.OpenAi, string.IsNullOrWhiteSpace(address) ? null : new Uri(address), string.IsNullOrWhiteSpace(key) ? null : key, new ProviderSettings());
        return services.AddSingleton(new ModelProvider("openai", model, ProviderClients.Chat(account, model), null));
    }
}
