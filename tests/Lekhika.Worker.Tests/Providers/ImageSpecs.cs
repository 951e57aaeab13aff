using Lekhika.Core.Executions;
using Lekhika.Testing.Models;
using Lekhika.Worker.Ai.Providers;
using Lekhika.Worker.Nodes;
using Microsoft.Extensions.AI;

namespace Lekhika.Worker.Tests.Providers;

/// <summary>Images by OpenAI's protocol and by Stability's, over real sockets.</summary>
public sealed class ImageSpecs
{
    private static readonly byte[] Png = [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, 1, 2, 3];

    [Theory]
    [InlineData("openai", "gpt-image-1", null)]
    [InlineData("openai", "dall-e-3", "b64_json")]
    [InlineData("google", "imagen-4", "b64_json")]
    [InlineData("openai_compatible", "flux", "b64_json")]
    public async Task An_image_comes_as_bytes_with_their_type(string kind, string model, string? format)
    {
        await using var server = await ChatCompletionsServer.StartAsync(_ => Image(Png));
        using var images = ProviderClients.Images(ServedModel.Of(kind, server.BaseUrl), model);

        var answer = await images.GenerateAsync(new ImageGenerationRequest("A lamp."), new ImageGenerationOptions { ImageSize = new(1024, 1536) });

        var image = answer.Contents.ShouldHaveSingleItem().ShouldBeOfType<DataContent>();
        image.MediaType.ShouldBe("image/png");
        image.Data.ToArray().ShouldBe(Png);
        answer.Usage.ShouldNotBeNull().OutputTokenCount.ShouldBe(6_000);
        var request = server.Requests.ShouldHaveSingleItem();
        request.Path.ShouldBe("/v1/images/generations");
        request.Authorization.ShouldBe("Bearer sk-secret");
        request.Body.GetProperty("prompt").GetString().ShouldBe("A lamp.");
        request.Body.GetProperty("size").GetString().ShouldBe("1024x1536");
        (request.Body.TryGetProperty("response_format", out var sent) ? sent.GetString() : null).ShouldBe(format);
    }

    [Theory]
    [InlineData("""{"data":[]}""")]
    [InlineData("""{"data":[{"url":"http://127.0.0.1/image.png"}]}""")]
    [InlineData("""{"data":[{"b64_json":"bm8gaW1hZ2U="}]}""")]
    [InlineData("""{"data":null}""")]
    [InlineData("no json")]
    public async Task What_is_no_image_is_an_invalid_answer(string body)
    {
        await using var server = await ChatCompletionsServer.StartAsync(_ => new CompletionAnswer(body));

        (await FaultAsync(ServedModel.Of(ProviderKinds.OpenAi, server.BaseUrl), "gpt-image-1")).ErrorClass.ShouldBe(ErrorClasses.InvalidAnswer);
    }

    [Fact]
    public async Task An_image_of_more_than_twenty_megabytes_is_not_taken()
    {
        await using var server = await ChatCompletionsServer.StartAsync(_ => Image([.. Png, .. new byte[20 * 1024 * 1024]]));

        (await FaultAsync(ServedModel.Of(ProviderKinds.OpenAi, server.BaseUrl), "gpt-image-1")).ErrorClass.ShouldBe(ErrorClasses.InvalidAnswer);
    }

    [Theory]
    [InlineData(429, null, ErrorClasses.RateLimited)]
    [InlineData(500, null, ErrorClasses.Unavailable)]
    [InlineData(401, null, ErrorClasses.Permanent)]
    [InlineData(400, "moderation_blocked", ErrorClasses.Refused)]
    public async Task An_error_has_its_class(int status, string? code, string errorClass)
    {
        await using var server = await ChatCompletionsServer.StartAsync(_ => new CompletionAnswer("", Status: status) { ErrorCode = code, RetryAfter = "9" });

        var fault = await FaultAsync(ServedModel.Of(ProviderKinds.Google, server.BaseUrl), "imagen-4");

        fault.ErrorClass.ShouldBe(errorClass);
        fault.RetryAfter.ShouldBe(TimeSpan.FromSeconds(9));
    }

    [Theory]
    [InlineData(ServerFault.Cut)]
    [InlineData(ServerFault.Hang)]
    public async Task An_image_that_does_not_come_whole_is_a_fault_or_the_callers_own_end(ServerFault what)
    {
        using var stop = new CancellationTokenSource();
        await using var server = await ChatCompletionsServer.StartAsync(_ => Image(new byte[10_000]) with { Fault = what, Stopped = stop.Cancel });
        using var images = ProviderClients.Images(ServedModel.Of(ProviderKinds.OpenAi, server.BaseUrl), "gpt-image-1");

        var error = await Should.ThrowAsync<Exception>(() => images.GenerateAsync(new ImageGenerationRequest("A lamp."), cancellationToken: stop.Token));

        (error is StepFault fault ? fault.ErrorClass : error.GetType().Name).ShouldBe(what == ServerFault.Cut ? ErrorClasses.Unavailable : nameof(TaskCanceledException));
    }

    [Theory]
    [InlineData("stable-image-core", "core")]
    [InlineData("stable-image-ultra", "ultra")]
    public async Task Stability_paints_by_its_own_protocol(string model, string path)
    {
        await using var server = await StabilityServer.StartAsync(_ => new PaintAnswer(Png));
        using var images = ProviderClients.Images(ServedModel.Of(ProviderKinds.Stability, server.BaseUrl), model);

        var answer = await images.GenerateAsync(new ImageGenerationRequest("A lamp — दीपक."), new ImageGenerationOptions { ImageSize = new(1024, 1536) });

        answer.Contents.ShouldHaveSingleItem().ShouldBeOfType<DataContent>().Data.ToArray().ShouldBe(Png);
        var request = server.Requests.ShouldHaveSingleItem();
        (request.Model, request.Authorization, request.Accept).ShouldBe((path, "Bearer sk-secret", "image/*"));
        request.Fields.OrderBy(field => field.Key, StringComparer.Ordinal).Select(field => $"{field.Key}={field.Value}")
            .ShouldBe(["aspect_ratio=2:3", "output_format=png", "prompt=A lamp — दीपक."]);
    }

    [Theory]
    [InlineData(200, "CONTENT_FILTERED", "", ErrorClasses.Refused)]
    [InlineData(403, "", "content_moderation", ErrorClasses.Refused)]
    [InlineData(403, "", "permission_denied", ErrorClasses.Permanent)]
    [InlineData(429, "", "rate_limit_exceeded", ErrorClasses.RateLimited)]
    [InlineData(500, "", "internal_error", ErrorClasses.Unavailable)]
    public async Task An_error_of_Stability_has_its_class(int status, string finish, string name, string errorClass)
    {
        await using var server = await StabilityServer.StartAsync(_ => new PaintAnswer(Png, finish, status, name));

        (await FaultAsync(ServedModel.Of(ProviderKinds.Stability, server.BaseUrl), "stable-image-core")).ErrorClass.ShouldBe(errorClass);
    }

    [Fact]
    public async Task An_image_of_Stability_of_more_than_twenty_megabytes_is_not_taken()
    {
        await using var server = await StabilityServer.StartAsync(_ => new PaintAnswer([.. Png, .. new byte[20 * 1024 * 1024]]));

        (await FaultAsync(ServedModel.Of(ProviderKinds.Stability, server.BaseUrl), "stable-image-core")).ErrorClass.ShouldBe(ErrorClasses.InvalidAnswer);
    }

    private static CompletionAnswer Image(byte[] image) =>
        new($$$"""{"created":1700000000,"data":[{"b64_json":"{{{Convert.ToBase64String(image)}}}"}],"usage":{"input_tokens":12,"output_tokens":6000}}""");

    private static async Task<StepFault> FaultAsync(ProviderAccount account, string model)
    {
        using var images = ProviderClients.Images(account, model);
        var fault = await Should.ThrowAsync<StepFault>(() => images.GenerateAsync(new ImageGenerationRequest("A lamp.")));
        fault.ToString().ShouldNotContain(ServedModel.Secret);
        return fault;
    }
}
