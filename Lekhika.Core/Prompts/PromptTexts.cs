using System.Collections.Concurrent;
using Lekhika.Core.Workflows;

namespace Lekhika.Core.Prompts;

/// <summary>The instructions that the product brings along, by kind of answer: embedded texts <c>kind.system.md</c> and <c>kind.task.md</c>.</summary>
public static class PromptTexts
{
    private static readonly ConcurrentDictionary<string, string> Texts = new(StringComparer.Ordinal);

    /// <summary>Every kind of answer that models are asked for, in the order of a book's making.</summary>
    public static IReadOnlyList<string> Kinds { get; } =
    [
        OutputKinds.Requirements, OutputKinds.Bible, OutputKinds.Outline, OutputKinds.Chapter, OutputKinds.Report, OutputKinds.Image, OutputKinds.Cover,
    ];

    /// <summary>The system message's text.</summary>
    public static string System(string kind) => Text($"{kind}.system.md");

    /// <summary>What is asked for.</summary>
    public static string Task(string kind) => Text($"{kind}.task.md");

    private static string Text(string name) => Texts.GetOrAdd(name, static name =>
    {
        using var reader = new StreamReader(typeof(PromptTexts).Assembly.GetManifestResourceStream($"Lekhika.Core.Prompts.Texts.{name}")
            ?? throw new InvalidOperationException($"There is no prompt {name}."));
        return reader.ReadToEnd();
    });
}
