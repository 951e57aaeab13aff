using Lekhika.Core.Executions;
using Lekhika.Worker.Ai.Providers;
using Lekhika.Worker.Nodes;
using Microsoft.Extensions.AI;

namespace Lekhika.Worker.Tests.Providers;

/// <summary>Which kind of provider can do what, and where it is reached.</summary>
public sealed class ProviderClientsSpecs
{
    [Theory]
    [InlineData("openai", "https://api.openai.com/v1/", "openai")]
    [InlineData("anthropic", "https://api.anthropic.com/", "anthropic")]
    [InlineData("google", "https://generativelanguage.googleapis.com/v1beta/openai/", "gcp.gemini")]
    [InlineData("mistral", "https://api.mistral.ai/v1/", "mistral_ai")]
    [InlineData("groq", "https://api.groq.com/openai/v1/", "groq")]
    [InlineData("openrouter", "https://openrouter.ai/api/v1/", "openrouter")]
    [InlineData("ollama", "http://localhost:11434/v1/", "ollama")]
    [InlineData("vllm", "http://localhost:8000/v1/", "vllm")]
    [InlineData("llamacpp", "http://localhost:8080/v1/", "llamacpp")]
    public void A_kind_has_its_own_address(string kind, string address, string name)
    {
        var metadata = ProviderClients.Chat(ServedModel.Of(kind, null), "m").GetService<ChatClientMetadata>().ShouldNotBeNull();

        metadata.ProviderUri.ShouldBe(new Uri(address));
        metadata.ProviderName.ShouldBe(name);
        metadata.DefaultModelId.ShouldBe("m");
    }

    [Theory]
    [InlineData("openai", "http://127.0.0.1:1234", "http://127.0.0.1:1234/v1/")]
    [InlineData("openai", "http://127.0.0.1:1234/v1", "http://127.0.0.1:1234/v1/")]
    [InlineData("openai", "https://llm.example.org/proxy", "https://llm.example.org/proxy/")]
    [InlineData("google", "https://gemini.example.org/", "https://gemini.example.org/v1beta/openai/")]
    [InlineData("groq", "https://groq.example.org", "https://groq.example.org/openai/v1/")]
    [InlineData("ollama", "http://127.0.0.1:11434/", "http://127.0.0.1:11434/v1/")]
    [InlineData("vllm", "http://gpu.example.org:8000", "http://gpu.example.org:8000/v1/")]
    [InlineData("anthropic", "https://claude.example.org", "https://claude.example.org/")]
    [InlineData("anthropic", "https://claude.example.org/v1/", "https://claude.example.org/")]
    [InlineData("openai_compatible", "https://chat.example.org", "https://chat.example.org/")]
    public void An_address_without_a_path_has_the_path_of_its_kind(string kind, string told, string address)
    {
        ProviderAddresses.Of(ServedModel.Of(kind, told)).ShouldBe(new Uri(address));
    }

    [Theory]
    [InlineData("openai", "chat embeddings images")]
    [InlineData("anthropic", "chat")]
    [InlineData("google", "chat embeddings images")]
    [InlineData("mistral", "chat embeddings")]
    [InlineData("groq", "chat")]
    [InlineData("openrouter", "chat embeddings")]
    [InlineData("ollama", "chat embeddings")]
    [InlineData("vllm", "chat embeddings")]
    [InlineData("llamacpp", "chat embeddings")]
    [InlineData("openai_compatible", "chat embeddings images")]
    [InlineData("stability", "images")]
    [InlineData("offline", "embeddings")]
    [InlineData("unheard_of", "")]
    public void What_a_kind_cannot_do_is_said_at_once(string kind, string abilities)
    {
        var account = ServedModel.Of(kind, "http://127.0.0.1:1/v1");
        (string Name, Func<object> Make)[] all =
        [
            ("chat", () => ProviderClients.Chat(account, "stable-image-core")),
            ("embeddings", () => ProviderClients.Embeddings(account, "stable-image-core")),
            ("images", () => ProviderClients.Images(account, "stable-image-core")),
        ];

        string.Join(' ', all.Where(ability => Can(ability.Make)).Select(ability => ability.Name)).ShouldBe(abilities);
    }

    [Theory]
    [InlineData("openai_compatible", null, "sk-secret")]
    [InlineData("openai", "ftp://example.org/", "sk-secret")]
    [InlineData("openai", "https://me:sk-secret@example.org/v1", "sk-secret")]
    [InlineData("openai", "https://example.org/v1?key=sk-secret", "sk-secret")]
    [InlineData("openai", null, null)]
    [InlineData("anthropic", null, " ")]
    [InlineData("openai", null, "sk-secret\r\nX-Other: 1")]
    [InlineData("anthropic", "http://127.0.0.1:1", "sk-secret\u00e9")]
    public void An_account_without_an_address_or_a_key_is_refused_without_the_key(string kind, string? address, string? secret)
    {
        var fault = Should.Throw<StepFault>(() => ProviderClients.Chat(ServedModel.Of(kind, address, secret: secret), "m"));

        fault.ErrorClass.ShouldBe(ErrorClasses.Permanent);
        fault.Message.ShouldContain($"my-{kind}");
        fault.ToString().ShouldNotContain("sk-secret");
    }

    [Theory]
    [InlineData("ollama", null)]
    [InlineData("openai", "http://127.0.0.1:1/v1")]
    public void A_server_of_ones_own_wants_no_key(string kind, string? address) =>
        ProviderClients.Chat(ServedModel.Of(kind, address, secret: null), "m").ShouldNotBeNull();

    [Fact]
    public void An_account_and_its_clients_do_not_print_the_key()
    {
        var account = ServedModel.Of(ProviderKinds.OpenAi, null);

        $"{account} {ProviderClients.Chat(account, "m")} {ProviderClients.Embeddings(account, "m")} {ProviderClients.Images(account, "m")}".ShouldNotContain(ServedModel.Secret);
    }

    /// <summary>Whether it can; if not, a sentence says so.</summary>
    private static bool Can(Func<object> make)
    {
        try
        {
            return make() is not null;
        }
        catch (StepFault fault)
        {
            fault.ErrorClass.ShouldBe(ErrorClasses.Permanent);
            fault.Message.ShouldEndWith(".");
            return false;
        }
    }
}
