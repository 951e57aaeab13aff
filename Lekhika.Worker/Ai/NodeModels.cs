using System.Text;
using System.Text.Json;
using Lekhika.Core;
using Lekhika.Worker.Nodes;
using Lekhika.Worker.Prompts;
using Microsoft.Extensions.AI;

namespace Lekhika.Worker.Ai;

/// <summary>How nodes ask models: structured data by JSON schema in calls of its own, prose streamed as plain text.</summary>
internal sealed class NodeModels(ModelCatalogue catalogue, PromptBook prompts)
{
    /// <summary>Most characters of one answer; more is cut off by ending the call.</summary>
    private const int MaxAnswer = 400_000;

    /// <summary>Asks for a <typeparamref name="T"/>; an answer of another shape is a fault that another try may mend.</summary>
    public async Task<DataResult> AskAsync<T>(
        StepContext context, string kind, Func<ModelTask, ModelTask> materials, CancellationToken cancellationToken, Func<T, T>? check = null)
    {
        var schema = AIJsonUtilities.CreateJsonSchema(typeof(T), serializerOptions: Json.Options);
        var answer = await CallAsync(context, kind, materials, ChatResponseFormat.ForJsonSchema(schema, kind), cancellationToken);
        try
        {
            var value = Json.Read<T>(answer.Text);
            return new DataResult(kind, Json.Write(check is null ? value : check(value)), answer.Use);
        }
        catch (JsonException error)
        {
            throw StepFault.InvalidAnswer($"The model's answer is not the {kind} that was asked for ({error.Path ?? "not JSON"}).", error);
        }
    }

    /// <summary>Asks for prose.</summary>
    public Task<Answer> WriteAsync(StepContext context, Func<ModelTask, ModelTask> materials, CancellationToken cancellationToken) =>
        CallAsync(context, OutputKinds.Chapter, materials, ChatResponseFormat.Text, cancellationToken);

    private async Task<Answer> CallAsync(
        StepContext context, string kind, Func<ModelTask, ModelTask> materials, ChatResponseFormat format, CancellationToken cancellationToken)
    {
        var provider = catalogue.For(context.Node);
        var options = new ChatOptions
        {
            ModelId = provider.ModelId,
            Seed = context.State.Brief.Seed,
            Temperature = context.Node.Data.Temperature ?? context.Role.Temperature,
            MaxOutputTokens = context.Node.Data.MaxTokens ?? Math.Max(context.Role.MaxTokens, 8_000),
            ResponseFormat = format,
        };
        var text = new StringBuilder();
        var (model, finish, usage) = (provider.ModelId, (ChatFinishReason?)null, new UsageDetails());
        await foreach (var update in provider.Client.GetStreamingResponseAsync(materials(prompts.Task(context.Node, kind)).Messages, options, cancellationToken))
        {
            text.Append(update.Text);
            model = update.ModelId ?? model;
            finish = update.FinishReason ?? finish;
            foreach (var content in update.Contents.OfType<UsageContent>())
            {
                usage.Add(content.Details);
            }

            if (text.Length > MaxAnswer)
            {
                throw StepFault.InvalidAnswer($"The model's answer is longer than {MaxAnswer} characters.");
            }
        }

        if (finish == ChatFinishReason.Length || finish == ChatFinishReason.ContentFilter)
        {
            throw StepFault.InvalidAnswer(finish == ChatFinishReason.Length ? "The model's answer was cut off at its limit." : "The model's provider withheld the answer (content filter).");
        }

        return new Answer(text.ToString(), new ModelUse(model, usage.InputTokenCount ?? 0, usage.OutputTokenCount ?? 0));
    }

    /// <summary>A whole answer and what it used.</summary>
    internal sealed record Answer(string Text, ModelUse Use);
}
