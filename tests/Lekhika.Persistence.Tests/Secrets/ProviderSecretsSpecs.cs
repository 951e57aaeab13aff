using Lekhika.Persistence.Secrets;
using Lekhika.Testing.Servers;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Lekhika.Persistence.Tests.Secrets;

public sealed class ProviderSecretsSpecs : IAsyncLifetime
{
    private const string Key = "the first master key, of more than 32 characters";
    private const string NewKey = "the second master key, of more than 32 characters";
    private const string Secret = "sk-distinctive-4711-abcd";

    private static readonly Guid Provider = Guid.NewGuid();

    private readonly List<IAsyncDisposable> _opened = [];
    private TestDatabase _database = null!;

    public async Task InitializeAsync() => _database = await TestDatabase.CreateAsync();

    public async Task DisposeAsync()
    {
        foreach (var opened in _opened)
        {
            await opened.DisposeAsync();
        }

        await _database.DisposeAsync();
    }

    [Fact]
    public async Task What_the_Api_protects_the_worker_reads_and_the_database_holds_neither_it_nor_the_master_key()
    {
        var text = Api(Key).Protect(Provider, Secret);

        Worker(Key).Unprotect(Provider, text).ShouldBe(Secret);
        text.ShouldNotContain(Secret);
        var ring = await RingAsync();
        ring.ShouldContain("masterKeyEncrypted");
        ring.ShouldNotContain("<value>", Case.Sensitive, "the ring's key in clear");
        ring.ShouldNotContain(Key);
    }

    [Fact]
    public void The_worker_may_be_first()
    {
        var text = Worker(Key).Protect(Provider, Secret);

        Api(Key).Unprotect(Provider, text).ShouldBe(Secret);
    }

    [Fact]
    public void A_ciphertext_in_another_providers_row_is_refused()
    {
        var secrets = Api(Key);
        var text = secrets.Protect(Provider, Secret);

        Should.Throw<SecretsException>(() => secrets.Unprotect(Guid.NewGuid(), text)).Message.ShouldContain("belongs to another provider");
        Should.Throw<SecretsException>(() => secrets.Unprotect(Provider, "nonsense")).Message.ShouldContain("was changed");
        secrets.Unprotect(Provider, text).ShouldBe(Secret);
    }

    [Fact]
    public async Task Another_master_key_is_told_and_begins_no_second_ring()
    {
        var text = Api(Key).Protect(Provider, Secret);
        var before = await _database.AskAsync<long>("SELECT count(*) FROM data_protection_keys");
        var stranger = Worker(NewKey);

        foreach (var attempt in new[] { () => stranger.Unprotect(Provider, text), () => stranger.Protect(Provider, "another") })
        {
            var error = Should.Throw<SecretsException>(attempt);
            error.Message.ShouldContain("another master key");
            error.Message.ShouldContain("LEKHIKA_SECRETS_KEY_PREVIOUS");
            error.ToString().ShouldNotContain(NewKey);
        }

        (await _database.AskAsync<long>("SELECT count(*) FROM data_protection_keys")).ShouldBe(before);
    }

    [Fact]
    public void The_previous_master_key_still_reads_and_is_not_needed_afterwards()
    {
        var text = Api(Key).Protect(Provider, Secret);

        Api(NewKey, previous: Key).Unprotect(Provider, text).ShouldBe(Secret);

        Worker(NewKey).Unprotect(Provider, text).ShouldBe(Secret, "the ring was encrypted anew");
        Worker(Key).Unprotect(Provider, text).ShouldBe(Secret, "a service that has yet to be restarted works on");
    }

    [Fact]
    public async Task The_ring_is_encrypted_anew_once_only()
    {
        var text = Api(Key).Protect(Provider, Secret);
        Api(NewKey, previous: Key).Unprotect(Provider, text);
        var rows = await _database.AskAsync<long>("SELECT count(*) FROM data_protection_keys");

        Worker(NewKey, previous: Key).Unprotect(Provider, text).ShouldBe(Secret);

        (await _database.AskAsync<long>("SELECT count(*) FROM data_protection_keys")).ShouldBe(rows);
    }

    [Fact]
    public async Task Of_services_that_start_at_once_each_reads_what_the_others_wrote()
    {
        var services = Enumerable.Range(0, 4).Select(n => n % 2 == 0 ? Api(Key) : Worker(Key)).ToList();

        var texts = await Task.WhenAll(services.Select(service => Task.Run(() => service.Protect(Provider, Secret))));

        foreach (var service in services)
        {
            texts.ShouldAllBe(text => service.Unprotect(Provider, text) == Secret);
        }
    }

    [Fact]
    public async Task A_ring_that_was_changed_is_not_used()
    {
        var text = Api(Key).Protect(Provider, Secret);
        await _database.ExecuteAsync("UPDATE data_protection_keys SET xml = regexp_replace(xml, '(<masterKeyEncrypted [^>]*>)....', '\\1AAAA')");

        Should.Throw<SecretsException>(() => Worker(Key).Unprotect(Provider, text)).Message.ShouldContain("cannot be read");
    }

    [Fact]
    public void Without_a_master_key_nothing_can_be_kept_and_the_message_says_what_to_do()
    {
        var secrets = Secrets(_database.Api, []);

        secrets.IsConfigured.ShouldBeFalse();
        Should.Throw<SecretsException>(() => secrets.Protect(Provider, Secret)).Message.ShouldContain("LEKHIKA_SECRETS_KEY");
    }

    [Fact]
    public void Without_the_database_that_is_what_is_said()
    {
        var secrets = Secrets("Host=127.0.0.1;Port=1;Username=lekhika_api;Password=test;Database=x", [("LEKHIKA_SECRETS_KEY", Key)]);

        Should.Throw<NpgsqlException>(() => secrets.Protect(Provider, Secret));
    }

    [Theory]
    [InlineData("LEKHIKA_SECRETS_KEY")]
    [InlineData("LEKHIKA_SECRETS_KEY_PREVIOUS")]
    public void A_master_key_that_is_too_short_is_refused_at_the_start_without_being_told(string setting)
    {
        var error = Should.Throw<InvalidOperationException>(() => Secrets(_database.Api, [("LEKHIKA_SECRETS_KEY", Key), (setting, "too short")]));

        error.Message.ShouldContain(setting);
        error.Message.ShouldNotContain("too short");
    }

    private ProviderSecrets Api(string key, string? previous = null) => Secrets(_database.Api, [("LEKHIKA_SECRETS_KEY", key), ("LEKHIKA_SECRETS_KEY_PREVIOUS", previous)]);

    private ProviderSecrets Worker(string key, string? previous = null) => Secrets(_database.Worker, [("LEKHIKA_SECRETS_KEY", key), ("LEKHIKA_SECRETS_KEY_PREVIOUS", previous)]);

    private ProviderSecrets Secrets(string address, IEnumerable<(string Name, string? Value)> settings)
    {
        // Of a repeated setting the last one counts.
        var values = settings.GroupBy(setting => setting.Name).ToDictionary(group => group.Key, group => group.Last().Value);
        var services = new ServiceCollection().AddLogging().AddSingleton(Stores.Source(address))
            .AddProviderSecrets(new ConfigurationBuilder().AddInMemoryCollection(values).Build()).BuildServiceProvider();
        _opened.Add(services);
        return services.GetRequiredService<ProviderSecrets>();
    }

    private async Task<string> RingAsync() => (await _database.AskAsync<string>("SELECT string_agg(xml, '') FROM data_protection_keys"))!;
}
