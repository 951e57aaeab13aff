using System.Drawing;
using Lekhika.Core.Executions;
using Lekhika.Core.Prompts;
using Lekhika.Core.Workflows;
using Lekhika.Worker.Ai.Calls;
using Lekhika.Worker.Ai.Routing;
using Lekhika.Worker.Nodes;
using Microsoft.Extensions.AI;

namespace Lekhika.Worker.Ai;

/// <summary>How nodes ask models for pictures: the first that may be asked, and the next one when that is out, refuses, or has no room.</summary>
internal sealed partial class ImageModels(ModelCatalogue catalogue, ILogger<ImageModels> log)
{
    /// <summary>One picture, and the model that made it.</summary>
    /// <param name="prompt">The version of its prompt, for the record.</param>
    /// <exception cref="StepFault">There is no model for images, or none has made one.</exception>
    public async Task<(ReadOnlyMemory<byte> Image, ImageModel Model, UsageDetails? Usage)> DrawAsync(
        StepContext context, string words, PromptVersion prompt, CancellationToken cancellationToken)
    {
        var asked = context.Node.Data.SelectedModels ?? [];
        var task = RoleContracts.For(context.Role.Key)!.Makes;
        var candidates = (await catalogue.ForAsync(context.State.Lease.UserId, cancellationToken)).Painters(context.Name, context.Role.Key, task, asked);
        for (var next = 0; ; next++)
        {
            var (model, hasAlternative) = (candidates[next], next + 1 < candidates.Count);
            var call = new ModelCall(context.State.Lease, context.Step, context.Role.Key, task, asked, context.Calls) { Prompt = prompt, HasAlternative = hasAlternative };
            try
            {
                var answer = await model.Client.GenerateAsync(
                    new ImageGenerationRequest(words),
                    new ImageGenerationOptions { Count = 1, ModelId = model.ModelId, ImageSize = Size(context.Node.Data), AdditionalProperties = call.Properties() },
                    cancellationToken);
                return answer.Contents.OfType<DataContent>().FirstOrDefault() is { } image
                    ? (image.Data, model, answer.Usage)
                    : throw StepFault.InvalidAnswer("The model's answer has no image.");
            }
            catch (StepFault fault) when (hasAlternative && fault.ErrorClass is ErrorClasses.Unavailable or ErrorClasses.TimedOut or ErrorClasses.RateLimited or ErrorClasses.Refused)
            {
                Next(log, model.Key, fault.ErrorClass, candidates[next + 1].Key, context.State.Lease.ExecutionId);
            }
        }
    }

    private static Size? Size(NodeData data) => data is { ImageWidth: { } width, ImageHeight: { } height } ? new Size(width, height) : null;

    [LoggerMessage(LogLevel.Warning, "The model {Model} cannot be asked ({ErrorClass}); {Next} is asked instead, for run {ExecutionId}.")]
    private static partial void Next(ILogger log, string model, string errorClass, string next, Guid executionId);
}
