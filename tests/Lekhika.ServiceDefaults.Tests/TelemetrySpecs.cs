using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Lekhika.Testing.Otlp;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Lekhika.ServiceDefaults.Tests;

public sealed class TelemetrySpecs : IAsyncLifetime
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);
    private static readonly ActivitySource OwnSource = new("Lekhika.Tests");
    private static readonly Meter OwnMeter = new("Lekhika.Tests");

    private OtlpSink _sink = null!;
    private TestHost _host = null!;

    public async Task InitializeAsync()
    {
        _sink = await OtlpSink.StartAsync();
        _host = await Start(_sink.Settings("specimen"));
    }

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        await _sink.DisposeAsync();
    }

    [Fact]
    public async Task A_request_is_a_span_with_route_and_status()
    {
        var span = await SpanOf("/books/7");

        span.Name.ShouldBe("GET /books/{id:int}");
        span.Kind.ShouldBe(ActivityKind.Server);
        span.ServiceName.ShouldBe("specimen");
        span["http.route"].ShouldBe("/books/{id:int}");
        span["http.request.method"].ShouldBe("GET");
        span["url.path"].ShouldBe("/books/7");
        span.Attributes["http.response.status_code"].ShouldBe(200L);
        span["error.type"].ShouldBeNull();
        span.Status.ShouldBe(ActivityStatusCode.Unset);
    }

    [Fact]
    public async Task A_miss_is_the_callers_error_not_ours()
    {
        var span = await SpanOf("/nowhere");

        span.Attributes["http.response.status_code"].ShouldBe(404L);
        span["http.route"].ShouldBeNull();
        span["error.type"].ShouldBeNull();
        span.Status.ShouldBe(ActivityStatusCode.Unset);
    }

    [Theory]
    [InlineData("/broken", "500")]
    [InlineData("/thrown", "System.InvalidOperationException")]
    public async Task A_failure_of_ours_marks_the_span_as_an_error(string path, string errorType)
    {
        var span = await SpanOf(path);

        span.Attributes["http.response.status_code"].ShouldBe(500L);
        span["http.route"].ShouldBe(path);
        span["error.type"].ShouldBe(errorType);
        span.Status.ShouldBe(ActivityStatusCode.Error);
    }

    [Fact]
    public async Task A_failure_that_an_exception_handler_answered_keeps_its_route_and_its_type()
    {
        await _host.DisposeAsync();
        _host = await Start(_sink.Settings("specimen"), app => app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            ExceptionHandler = context => context.Response.WriteAsync("sorry"),
        }));

        var span = await SpanOf("/thrown");

        span["http.route"].ShouldBe("/thrown");
        span["error.type"].ShouldBe("System.InvalidOperationException");
        span.Status.ShouldBe(ActivityStatusCode.Error);
    }

    [Fact]
    public async Task A_stream_that_breaks_off_is_an_error_although_it_began_well()
    {
        var span = await SpanOf("/torn");

        span.Attributes["http.response.status_code"].ShouldBe(200L);
        span["error.type"].ShouldBe("System.IO.IOException");
        span.Status.ShouldBe(ActivityStatusCode.Error);
    }

    [Fact]
    public async Task Our_own_spans_belong_to_the_requests_trace()
    {
        var parent = await SpanOf("/worked");

        var spans = await _sink.Spans.WaitForAsync(all => all.Any(span => span.Name == "work" && span.TraceId == parent.TraceId), Deadline);
        var work = spans.First(span => span.Name == "work" && span.TraceId == parent.TraceId);
        work.ParentSpanId.ShouldBe(parent.SpanId);
        work.Source.ShouldBe("Lekhika.Tests");
        ((object[])work.Attributes["list"]!).ShouldBe(["a", "b"]);
    }

    [Fact]
    public async Task Probes_and_what_they_cause_are_not_traced()
    {
        // As Aspire's AppHost asks; the default sampler would drop the children of an untraced request by itself.
        var settings = _sink.Settings("specimen").Append(new("OTEL_TRACES_SAMPLER", "always_on"));
        await _host.DisposeAsync();
        _host = await Start(settings.ToDictionary(StringComparer.Ordinal));

        await _host.Client.GetAsync("/alive");
        var ready = await _host.Client.GetFromJsonAsync<JsonElement>("/health");
        var later = await SpanOf("/books/8");

        var spans = await _sink.Spans.WaitForAsync(all => all.Any(span => span.SpanId == later.SpanId), Deadline);
        ready.GetProperty("checks").EnumerateArray().Single(check => check.GetProperty("name").GetString() != "memory" && check.GetProperty("name").GetString() != "self").GetProperty("description").GetString().ShouldBe("untraced, and tells whom it asks");
        spans.ShouldNotContain(span => span.Name == "probed");
        spans.ShouldNotContain(span => span["url.path"] == "/health" || span["url.path"] == "/alive");
    }

    [Fact]
    public async Task A_log_record_carries_its_message_its_scope_and_the_trace()
    {
        var span = await SpanOf("/logged");

        var logs = await _sink.Logs.WaitForAsync(all => all.Any(log => log.TraceId == span.TraceId && log.Category == "Specimen"), Deadline);
        var log = logs.First(log => log.TraceId == span.TraceId && log.Category == "Specimen");
        log.Body.ShouldBe("Book 7 was read");
        log.SpanId.ShouldBe(span.SpanId);
        log.ServiceName.ShouldBe("specimen");
        log.Attributes["Book"].ShouldBe(7L);
        log.Attributes["Shelf"].ShouldBe("upper");
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData("Information", true)]
    public async Task Requests_are_logged_only_when_asked_for(string? level, bool logged)
    {
        var settings = _sink.Settings("specimen").Append(new("Logging:LogLevel:Microsoft.AspNetCore", level));
        await _host.DisposeAsync();
        _host = await Start(settings.ToDictionary(StringComparer.Ordinal));

        var span = await SpanOf("/logged");

        await _host.App.StopAsync();
        var categories = _sink.Logs.Items.Where(log => log.TraceId == span.TraceId).Select(log => log.Category).ToArray();
        categories.ShouldContain("Specimen");
        categories.Any(category => category.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal)).ShouldBe(logged);
    }

    [Fact]
    public async Task Sending_telemetry_makes_no_telemetry()
    {
        var settings = _sink.Settings("specimen").Append(new("Logging:LogLevel:Default", "Debug")).Append(new("Logging:LogLevel:System.Net.Http.HttpClient", "Debug"));
        await _host.DisposeAsync();
        _host = await Start(settings.ToDictionary(StringComparer.Ordinal));
        await SpanOf("/logged");
        await SpanOf("/logged");

        await _host.App.StopAsync();

        _sink.Logs.Items.ShouldNotBeEmpty();
        _sink.Logs.Items.ShouldNotContain(log => log.Body.Contains("/v1/", StringComparison.Ordinal));
        _sink.Spans.Items.ShouldNotContain(span => span.Attributes.Values.OfType<string>().Any(text => text.Contains("/v1/")));
    }

    [Fact]
    public async Task A_program_without_a_web_server_reports_too()
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(_sink.Settings("batch"));
        builder.AddServiceDefaults();
        using var host = builder.Build();

        await host.StartAsync();
        OwnSource.StartActivity("batch work")?.Dispose();
        await host.StopAsync();

        _sink.Spans.Items.ShouldContain(span => span.Name == "batch work" && span.ServiceName == "batch");
    }

    [Fact]
    public async Task Metrics_of_the_server_the_runtime_and_our_own_arrive()
    {
        await _host.Client.GetAsync("/counted");

        await _sink.Metrics.WaitForAsync(
            all => new[] { "http.server.request.duration", "dotnet.gc.collections", "lekhika.tests.counted" }
                .All(name => all.Any(metric => metric.Name == name && metric.ServiceName == "specimen")),
            Deadline);
    }

    [Fact]
    public async Task What_is_still_held_is_sent_when_the_host_stops()
    {
        var slow = _sink.Settings("leaving").ToDictionary(StringComparer.Ordinal);
        slow["OTEL_BSP_SCHEDULE_DELAY"] = slow["OTEL_BLRP_SCHEDULE_DELAY"] = slow["OTEL_METRIC_EXPORT_INTERVAL"] = "600000";
        var host = await Start(slow);
        await host.Client.GetAsync("/logged");

        await host.App.StopAsync();

        _sink.Spans.Items.ShouldContain(span => span.ServiceName == "leaving" && span["http.route"] == "/logged");
        _sink.Logs.Items.ShouldContain(log => log.ServiceName == "leaving" && log.Category == "Specimen");
        _sink.Metrics.Items.ShouldContain(metric => metric.ServiceName == "leaving");
        await host.DisposeAsync();
    }

    [Fact]
    public async Task Without_an_endpoint_the_service_runs_and_exports_nothing()
    {
        await using var host = await Start(new Dictionary<string, string?> { ["OTEL_SERVICE_NAME"] = "silent" });

        (await host.Client.GetAsync("/books/9")).StatusCode.ShouldBe(HttpStatusCode.OK);
        await SpanOf("/books/10");
        _sink.Spans.Items.ShouldNotContain(span => span.ServiceName == "silent");
    }

    [Fact]
    public async Task A_collector_that_is_gone_holds_up_neither_start_nor_stop()
    {
        var gone = await OtlpSink.StartAsync();
        // With the retries that Aspire's AppHost asks for.
        var settings = gone.Settings("alone").Append(new("OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY", "in_memory")).ToDictionary(StringComparer.Ordinal);
        await gone.DisposeAsync();
        var watch = Stopwatch.StartNew();

        await using (var host = await Start(settings))
        {
            (await host.Client.GetAsync("/logged")).StatusCode.ShouldBe(HttpStatusCode.OK);
        }

        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(8));
    }

    private async Task<ReceivedSpan> SpanOf(string path)
    {
        var trace = ActivityTraceId.CreateRandom().ToHexString();
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("traceparent", $"00-{trace}-{ActivitySpanId.CreateRandom().ToHexString()}-01");
        try
        {
            using var answer = await _host.Client.SendAsync(request);
        }
        catch (HttpRequestException)
        {
            // An answer torn in the middle: the span tells.
        }

        var spans = await _sink.Spans.WaitForAsync(all => all.Any(Wanted), Deadline);
        return spans.First(Wanted);

        bool Wanted(ReceivedSpan span) => span.TraceId == trace && span.Kind == ActivityKind.Server;
    }

    private static Task<TestHost> Start(IReadOnlyDictionary<string, string?> settings, Action<WebApplication>? use = null)
    {
        var builder = TestHost.Builder(settings);
        builder.Services.AddHealthChecks().AddCheck("probed", () =>
        {
            var traced = Activity.Current is { Recorded: true };
            using var span = OwnSource.StartActivity("probed");
            return HealthCheckResult.Healthy(traced ? "traced" : "untraced, and tells whom it asks");
        });
        return TestHost.StartAsync(builder, app =>
        {
            use?.Invoke(app);
            var counter = OwnMeter.CreateCounter<int>("lekhika.tests.counted");
            var logger = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Specimen");
            app.MapGet("/books/{id:int}", (int id) => id);
            app.MapGet("/broken", () => Results.StatusCode(500));
            app.MapGet("/thrown", string () => throw new InvalidOperationException("broken"));
            app.MapGet("/torn", async (HttpContext context) =>
            {
                await context.Response.WriteAsync("Once upon");
                await context.Response.Body.FlushAsync();
                throw new IOException("torn");
            });
            app.MapGet("/counted", () => counter.Add(1));
            app.MapGet("/worked", () =>
            {
                using var span = OwnSource.StartActivity("work");
                span?.SetTag("list", new[] { "a", "b" });
            });
            app.MapGet("/logged", () =>
            {
                using var scope = logger.BeginScope(new Dictionary<string, object> { ["Shelf"] = "upper" });
                logger.LogInformation("Book {Book} was read", 7);
            });
        });
    }
}
