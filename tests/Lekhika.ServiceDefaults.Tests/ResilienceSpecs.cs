using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Lekhika.ServiceDefaults.Http;
using Microsoft.Extensions.DependencyInjection;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace Lekhika.ServiceDefaults.Tests;

public sealed class ResilienceSpecs
{
    [Fact]
    public async Task Every_client_repeats_a_request_after_the_time_the_server_names()
    {
        // Without Retry-After the first wait would be about two seconds, and the second four.
        var server = new ScriptedServer(count => count < 3 ? Busy(TimeSpan.Zero) : new HttpResponseMessage());
        var builder = TestHost.Builder();
        builder.Services.AddHttpClient("any").ConfigurePrimaryHttpMessageHandler(() => server);
        await using var app = builder.Build();
        var watch = Stopwatch.StartNew();

        using var answer = await app.Services.GetRequiredService<IHttpClientFactory>().CreateClient("any").GetAsync("http://a.test/");

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        server.Addresses.Count.ShouldBe(3);
        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task A_retry_is_not_sent_before_the_time_the_server_names()
    {
        var server = new ScriptedServer(count => count == 1 ? Busy(TimeSpan.FromSeconds(1)) : new HttpResponseMessage());
        var watch = Stopwatch.StartNew();

        using var answer = await Client(server).GetAsync("http://a.test/");

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        watch.Elapsed.ShouldBeGreaterThan(TimeSpan.FromSeconds(0.95));
    }

    [Fact]
    public async Task A_server_that_asks_for_more_time_than_there_is_gets_no_retry()
    {
        var server = new ScriptedServer(_ => Busy(TimeSpan.FromHours(1)));

        using var answer = await Client(server).GetAsync("http://a.test/");

        answer.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        server.Addresses.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_post_is_never_repeated()
    {
        var server = new ScriptedServer(_ => new HttpResponseMessage(HttpStatusCode.ServiceUnavailable));

        using var answer = await Client(server).PostAsJsonAsync("http://a.test/", "order");

        answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        server.Addresses.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_put_is_repeated_with_its_body()
    {
        var server = new ScriptedServer(count => new HttpResponseMessage(count == 1 ? HttpStatusCode.BadGateway : HttpStatusCode.OK));

        using var answer = await Client(server).PutAsync("http://a.test/", new StringContent("chapter"));

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        server.Bodies.ShouldBe(["chapter", "chapter"]);
    }

    [Fact]
    public async Task A_body_that_can_be_read_only_once_is_not_repeated()
    {
        var server = new ScriptedServer(_ => new HttpResponseMessage(HttpStatusCode.BadGateway));

        using var answer = await Client(server).PutAsync("http://a.test/", new StreamContent(new MemoryStream("chapter"u8.ToArray())));

        answer.StatusCode.ShouldBe(HttpStatusCode.BadGateway);
        server.Bodies.ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData(HttpStatusCode.NotFound, 1)]
    [InlineData(HttpStatusCode.RequestTimeout, 4)]
    [InlineData(HttpStatusCode.InternalServerError, 4)]
    public async Task Only_what_may_pass_is_tried_again_and_the_last_answer_is_handed_back(HttpStatusCode status, int attempts)
    {
        var server = new ScriptedServer(_ => new HttpResponseMessage(status));

        using var answer = await Client(server).GetAsync("http://a.test/");

        answer.StatusCode.ShouldBe(status);
        server.Addresses.Count.ShouldBe(attempts);
    }

    [Fact]
    public async Task An_attempt_that_hangs_is_given_up_and_repeated()
    {
        var server = new ScriptedServer(async (count, _, cancellationToken) =>
        {
            await Task.Delay(count == 1 ? Timeout.InfiniteTimeSpan : TimeSpan.Zero, cancellationToken);
            return new HttpResponseMessage();
        });

        using var answer = await Client(server, options => options.AttemptTimeout = TimeSpan.FromMilliseconds(50)).GetAsync("http://a.test/");

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        server.Addresses.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_request_ends_when_its_whole_time_is_up()
    {
        var server = new ScriptedServer(async (_, _, cancellationToken) =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
            return new HttpResponseMessage();
        });

        await Should.ThrowAsync<TimeoutRejectedException>(
            Client(server, options => options.TotalRequestTimeout = TimeSpan.FromMilliseconds(50)).GetAsync("http://a.test/"));
    }

    [Fact]
    public async Task A_server_that_keeps_failing_is_left_alone_for_a_while_and_others_are_not()
    {
        var server = new ScriptedServer((_, request, _) => Task.FromResult(new HttpResponseMessage(
            request.RequestUri!.Host == "bad.test" ? HttpStatusCode.InternalServerError : HttpStatusCode.OK)));
        var client = Client(server, options => (options.MinimumThroughput, options.BreakDuration) = (2, TimeSpan.FromMinutes(1)));
        await client.PostAsync("http://bad.test/", content: null);
        await client.PostAsync("http://bad.test/", content: null);

        await Should.ThrowAsync<BrokenCircuitException>(client.PostAsync("http://bad.test/", content: null));

        (await client.PostAsync("http://good.test/", content: null)).StatusCode.ShouldBe(HttpStatusCode.OK);
        server.Addresses.Count(address => address!.Host == "bad.test").ShouldBe(2);
    }

    [Fact]
    public async Task A_client_may_go_without()
    {
        var server = new ScriptedServer(_ => new HttpResponseMessage(HttpStatusCode.ServiceUnavailable));
        var builder = TestHost.Builder();
        builder.Services.AddHttpClient("bare").RemoveAllResilienceHandlers().ConfigurePrimaryHttpMessageHandler(() => server);
        await using var app = builder.Build();

        using var answer = await app.Services.GetRequiredService<IHttpClientFactory>().CreateClient("bare").GetAsync("http://a.test/");

        server.Addresses.ShouldHaveSingleItem();
    }

    // Under the defaults' names with short waits.
    private static HttpClient Client(ScriptedServer server, Action<HttpStandardResilienceOptions>? configure = null)
    {
        var builder = TestHost.Builder();
        builder.Services.AddHttpClient("quick")
            .RemoveAllResilienceHandlers()
            .AddStandardResilienceHandler(options =>
            {
                options.RetryDelay = TimeSpan.FromMilliseconds(5);
                configure?.Invoke(options);
            })
            .ConfigurePrimaryHttpMessageHandler(() => server);
        return builder.Build().Services.GetRequiredService<IHttpClientFactory>().CreateClient("quick");
    }

    private static HttpResponseMessage Busy(TimeSpan wait) => new(HttpStatusCode.TooManyRequests)
    {
        Headers = { RetryAfter = new RetryConditionHeaderValue(wait) },
    };
}
