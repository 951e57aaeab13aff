using Microsoft.Extensions.DependencyInjection;

namespace Lekhika.ServiceDefaults.Tests;

public sealed class DiscoverySpecs
{
    private readonly ScriptedServer _network = new(_ => new HttpResponseMessage());

    [Theory]
    [InlineData("http://api/books?page=2", "http://localhost:5180/books?page=2")]
    [InlineData("https+http://api/books", "http://localhost:5180/books")]
    [InlineData("https+http://both/", "https://localhost:7001/")]
    [InlineData("http://_admin.both/x", "http://localhost:9000/x")]
    [InlineData("http://bare/x", "http://localhost:6000/x")]
    [InlineData("http://example.test:81/x", "http://example.test:81/x")]
    [InlineData("https+http://example.test/x", "https://example.test/x")]
    public async Task A_service_name_is_replaced_by_its_address(string asked, string expected)
    {
        (await Send(asked)).ShouldBe([expected]);
    }

    [Fact]
    public async Task Several_addresses_take_turns()
    {
        (await Send("http://many/", "http://many/", "http://many/"))
            .ShouldBe(["http://localhost:1/", "http://localhost:2/", "http://localhost:1/"]);
    }

    private async Task<string[]> Send(params string[] addresses)
    {
        var builder = TestHost.Builder(new Dictionary<string, string?>
        {
            ["services:api:http:0"] = "http://localhost:5180",
            ["services:both:http:0"] = "http://localhost:7000",
            ["services:both:https:0"] = "https://localhost:7001",
            ["services:both:admin:0"] = "http://localhost:9000",
            ["services:bare:http:0"] = "localhost:6000",
            ["services:many:http:0"] = "http://localhost:1",
            ["services:many:http:1"] = "http://localhost:2",
        });
        builder.Services.AddHttpClient("any").ConfigurePrimaryHttpMessageHandler(() => _network);
        await using var app = builder.Build();
        var client = app.Services.GetRequiredService<IHttpClientFactory>().CreateClient("any");
        foreach (var address in addresses)
        {
            using var answer = await client.GetAsync(address);
        }

        return [.. _network.Addresses.Select(address => address!.ToString())];
    }
}
