using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Lekhika.Core;
using Lekhika.Core.Assets;
using Lekhika.Core.Planning;
using Lekhika.Core.Workflows;
using Lekhika.Persistence.Assets;
using Lekhika.Worker.Ai;
using Lekhika.Worker.Ai.Policies;
using Lekhika.Worker.Pipeline;
using Lekhika.Worker.Prompts;

namespace Lekhika.Worker.Nodes;

/// <summary>
/// Has a model make a picture: the cover, or an illustration, one for each element of a list. It is kept before the step is done, so a step that is done again after a crash
/// finds it and asks nobody. Without a model for images there is no picture, and the run says so.
/// </summary>
internal sealed class PictureNode(ImageModels models, AssetStore assets, ContentGuard guard, TimeProvider time) : IDataNode
{
    /// <summary>Most characters of a prompt; models for images take little more.</summary>
    private const int MostPrompt = 3_500;

    private const int MostValue = 400;

    /// <summary>What a person wants to be different is never cut for the sake of the rest.</summary>
    private const int MostGuidance = 1_500;

    public IReadOnlyList<FanOutItem> Items(RunState state, WorkflowNode node) => FanOutItem.OfList(state, node);

    public async Task<DataResult> ExecuteAsync(StepContext context, CancellationToken cancellationToken)
    {
        var lease = context.State.Lease;
        if (await assets.OfStepAsync(lease, context.Step, cancellationToken) is { } made)
        {
            return Result(made, default);
        }

        if (await assets.BytesAsync(lease, cancellationToken) + ImageFacts.MostBytes > Asset.MostBytesOfRun)
        {
            throw StepFault.Permanent($"The run's pictures have almost {Asset.MostBytesOfRun / (1024 * 1024)} MB, and more are not kept for one run. Ask for fewer or smaller pictures.");
        }

        var kind = RoleContracts.For(context.Role.Key)!.Makes;
        var words = Prompt(context, kind);
        await guard.CheckAsync(context, words, "", cancellationToken);
        var (image, model, usage) = await models.DrawAsync(context, words, context.State.Prompts.Version(context.Node, kind), cancellationToken);
        if (image.Length > ImageFacts.MostBytes || ImageFacts.Read(image.Span) is not { IsUsable: true } facts)
        {
            throw StepFault.InvalidAnswer($"The model's answer is no PNG, JPEG or WebP of at most {ImageFacts.MostBytes} bytes and {ImageFacts.MostPixels} pixels.");
        }

        var bytes = image.ToArray();
        var asset = new Asset(
            Guid.CreateVersion7(), context.Step, kind, SHA256.HashData(bytes), facts.MediaType, bytes.Length, facts.Width, facts.Height, words, AltText(context, kind),
            model.Provider.Name, model.ModelId, $"Made by the model {model.ModelId} from the prompt that is kept with it. The provider's terms say what may be done with it; read them before you publish.",
            time.GetUtcNow().UtcDateTime);
        // Another worker holds the run, or its earlier self has kept one at this very moment: that one counts.
        var kept = await assets.AddAsync(lease, asset, bytes, cancellationToken) ?? await assets.OfStepAsync(lease, context.Step, cancellationToken) ?? throw new OwnershipLostException();
        return Result(kept, new ModelUse(model.ModelId, usage?.InputTokenCount ?? 0, usage?.OutputTokenCount ?? 0));
    }

    /// <summary>What the output says of the picture: nothing that differs between a run and its fork.</summary>
    private static DataResult Result(Asset asset, ModelUse use) => new(
        asset.Kind,
        Json.Write(new { Sha256 = Convert.ToHexStringLower(asset.Sha256), asset.MediaType, asset.Width, asset.Height, asset.AltText }),
        use with { Model = use.Model ?? asset.Model });

    /// <summary>The node's text, what is known of the picture, and the guidance. What is too long is cut: first the node's text, down to half of the room, then what is known.</summary>
    private static string Prompt(StepContext context, string kind)
    {
        var guidance = Line("What is to be different from the picture before", context.Regeneration?.Guidance, MostGuidance);
        var room = MostPrompt - guidance.Length;
        var known = Known(context);
        var own = $"{Filled(context.State.Prompts.System(context.Node, kind))}\n{Filled(context.State.Prompts.Task(context.Node, kind))}";
        return Cut(Cut(own, Math.Max(room - known.Length, room / 2)) + known, room) + guidance;

        string Filled(string prompt) => StepVariables.Fill(prompt, context, value => OneLine(value, MostValue)).Trim();
    }

    private static string Known(StepContext context)
    {
        var brief = context.State.Brief;
        var text = new StringBuilder();
        Add("The book", $"{brief.Title}; {brief.Genre}, for {brief.Audience}");
        Add("What it is about", context.State.Find<StoryRequirements>(OutputKinds.Requirements, context.Node)?.Logline);
        if (context.Element is { } element)
        {
            using var json = JsonDocument.Parse(element);
            Add("What is shown", json.RootElement.ValueKind == JsonValueKind.String ? json.RootElement.GetString() : Json.Write(json.RootElement));
        }

        foreach (var wish in PictureWishes.Variables)
        {
            Add(wish.Replace('_', ' '), brief.Values.GetValueOrDefault(wish));
        }

        return text.ToString();

        void Add(string name, string? value) => text.Append(Line(name, value, MostValue));
    }

    private static string Line(string name, string? value, int most) => string.IsNullOrWhiteSpace(value) ? "" : $"\n{name}: {OneLine(value, most)}.";

    private static string OneLine(string value, int most) => Cut(value.ReplaceLineEndings(" ").Trim(), most);

    private static string AltText(StepContext context, string kind)
    {
        var title = context.State.Brief.Title;
        return kind == OutputKinds.Cover ? $"Cover of {title}" : Shown(context.Element) is { } shown ? $"Illustration for {title}: {Cut(shown, MostValue)}" : $"Illustration for {title}";
    }

    private static string? Shown(string? element)
    {
        if (element is null)
        {
            return null;
        }

        using var json = JsonDocument.Parse(element);
        return json.RootElement.ValueKind switch
        {
            JsonValueKind.String => json.RootElement.GetString(),
            JsonValueKind.Object when json.RootElement.TryGetProperty("title", out var title) && title.ValueKind == JsonValueKind.String => title.GetString(),
            _ => null,
        };
    }

    /// <summary>Never in a surrogate pair.</summary>
    private static string Cut(string text, int most) => text.Length <= most ? text : text[..(char.IsHighSurrogate(text[most - 1]) ? most - 1 : most)];
}
