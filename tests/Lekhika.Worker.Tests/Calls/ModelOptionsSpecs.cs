using Lekhika.Testing.Chat;
using Lekhika.Worker.Ai.Providers;
using Lekhika.Worker.Ai.Routing;
using Microsoft.Extensions.AI;

namespace Lekhika.Worker.Tests.Calls;

/// <summary>The caller's options as one model is asked with them.</summary>
public sealed class ModelOptionsSpecs
{
    private const long Seed = -298_907_517_910_480_391;

    [Theory]
    [InlineData("openai")]
    [InlineData("openrouter")]
    [InlineData("openai_compatible")]
    public void A_seed_is_a_number_that_every_server_reads_alike(string kind)
    {
        // Those in JavaScript read whole numbers up to 2^53, and some only 32 bits of them.
        var asked = new ModelOptions().For(Model(kind), [], new ChatOptions { Seed = Seed });

        asked.Seed.ShouldBe(Seed & int.MaxValue);
    }

    [Fact]
    public void The_offline_author_has_the_whole_seed() =>
        new ModelOptions().For(Model(ProviderKinds.Offline), [], new ChatOptions { Seed = Seed }).Seed.ShouldBe(Seed);

    [Fact]
    public void The_caller_s_options_stay_as_they_are()
    {
        var options = new ChatOptions { Seed = Seed, Temperature = 0.5f, MaxOutputTokens = 7 };

        new ModelOptions().For(Model(ProviderKinds.Anthropic), [], options).ModelId.ShouldBe("quill-1");

        (options.ModelId, options.Seed, options.Temperature, options.MaxOutputTokens).ShouldBe((null, Seed, 0.5f, 7));
    }

    private static AvailableModel Model(string kind) => new(new ProviderAccount(Guid.Empty, "mine", kind, null, null, new ProviderSettings()), "quill-1", null, new ScriptedChatClient());
}
