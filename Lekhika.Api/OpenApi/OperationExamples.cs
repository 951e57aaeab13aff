using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Lekhika.Api.OpenApi;

/// <summary>Examples by operation: what a client sends, and what comes back when all is well. A file beside this one holds them.</summary>
internal static class OperationExamples
{
    private static readonly JsonObject Examples = Load();

    /// <summary>The example of a request, to try.</summary>
    public static JsonNode? Request(string operation) => Examples[operation]?["request"];

    public static Task Add(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        if (operation.OperationId is not { } id || Examples[id] is not { } example)
        {
            return Task.CompletedTask;
        }

        Show(operation.RequestBody?.Content, example["request"]);
        Show(operation.Responses?.FirstOrDefault(pair => pair.Key.StartsWith('2')).Value?.Content, example["response"]);
        return Task.CompletedTask;
    }

    private static void Show(IDictionary<string, OpenApiMediaType>? content, JsonNode? example)
    {
        if (example is not null && content is not null && content.TryGetValue("application/json", out var body))
        {
            body.Example = example.DeepClone();
        }
    }

    private static JsonObject Load()
    {
        using var stream = typeof(OperationExamples).Assembly.GetManifestResourceStream("examples.json")!;
        return JsonNode.Parse(stream)!.AsObject();
    }
}
