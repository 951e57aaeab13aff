using Lekhika.Worker.Ai.Batches;
using Lekhika.Worker.Ai.Providers;
using Lekhika.Worker.Tests.Providers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Lekhika.Worker.Tests.Batches;

/// <summary>In which header a batch's requests carry the key.</summary>
public sealed class BatchKeySpecs
{
    [Theory]
    [InlineData(ProviderKinds.Anthropic, "sk-1", "", "2023-06-01")]
    [InlineData(ProviderKinds.OpenAi, "", "Bearer sk-1", "")]
    public async Task The_key_goes_in_the_header_that_the_provider_documents(string kind, string own, string authorization, string version)
    {
        var builder = WebApplication.CreateSlimBuilder();
        await using var server = builder.Build();
        server.Urls.Add("http://127.0.0.1:0");
        (string, string, string)? seen = null;
        server.MapFallback((HttpRequest request) =>
        {
            seen = (request.Headers["x-api-key"].ToString(), request.Headers.Authorization.ToString(), request.Headers["anthropic-version"].ToString());
            return Results.Text("""{"id":"b","status":"cancelling","processing_status":"canceling"}""", "application/json");
        });
        await server.StartAsync();

        await BatchProtocols.For(kind)!.CancelAsync(ServedModel.Of(kind, server.Urls.Single(), secret: "sk-1"), "b", default);

        seen.ShouldBe((own, authorization, version));
    }
}
