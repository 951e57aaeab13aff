using System.Text.Json.Nodes;

namespace Lekhika.Api.Tests.Plans;

/// <summary>Workflows as clients send them.</summary>
internal static class Workflow
{
    /// <summary>The example of the OpenAPI document: the default engine's nodes.</summary>
    public static JsonNode Default => OpenApi.OperationExamples.Request("putWorkflow")!.DeepClone();
}
