using System.ComponentModel;
using System.Security.Claims;
using Lekhika.Api.Auth;
using Lekhika.Api.Errors;
using Lekhika.Api.Http;
using Lekhika.Api.OpenApi;
using Lekhika.Core.Exports.Provenance;
using Lekhika.Persistence.Provenance;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Lekhika.Api.Files;

/// <summary>How the book of an execution was made, for whoever owns it.</summary>
internal static class ProvenanceEndpoint
{
    public static void MapProvenance(this IEndpointRouteBuilder app) =>
        app.MapOwn("/v1/executions/{executionId:guid}/provenance").WithTags("Files").MapGet("", Manifest).WithName("getProvenance").WithSummary("How the book of an execution was made")
            .WithDescription("""
                Models, versions of prompts, chapters, what people did, pictures, and a sentence of disclosure. The SHA-256 of the answer's bytes is its ETag, and stands in the colophon of the files that were made then;
                with `sha256` it is that very manifest, else the one of the newest book as of now.
                """)
            .RequireScope(Scopes.ExecutionsRead)
            .Produces<ProvenanceManifest>()
            .Refuses(400, 404, 409);

    private static async Task<Results<ContentHttpResult, Refusal>> Manifest(
        Guid executionId,
        [FromQuery(Name = "sha256")][Description("The hash that a file of the book names, in hexadecimal.")] string? sha256,
        HttpContext context,
        ClaimsPrincipal caller,
        ProvenanceStore provenance,
        Persistence.Views.RunViewStore runs,
        CancellationToken cancellationToken)
    {
        var userId = caller.UserId();
        var named = sha256 is null ? null : Hash(sha256);
        if (sha256 is not null && named is null)
        {
            return Refusals.Invalid(new Dictionary<string, string[]> { ["sha256"] = ["A SHA-256 has 64 hexadecimal digits."] });
        }

        var text = named is null ? (await provenance.MakeAsync(userId, executionId, null, cancellationToken))?.Text : await provenance.FindAsync(userId, executionId, named, cancellationToken);
        if (text is null)
        {
            return await runs.FindAsync(userId, executionId, cancellationToken) is null ? Refusals.NoExecution : named is null ? Refusals.NoBook("The execution has no book yet.") : Refusals.NoFile;
        }

        context.Response.Headers.ETag = $"\"{text.Hash}\"";
        return TypedResults.Content(text.Json, "application/json");
    }

    private static byte[]? Hash(string text)
    {
        var hash = new byte[32];
        return text.Length == 64 && Convert.FromHexString(text, hash, out _, out var written) == System.Buffers.OperationStatus.Done && written == hash.Length ? hash : null;
    }
}
