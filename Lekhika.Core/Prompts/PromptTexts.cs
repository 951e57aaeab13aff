using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using Lekhika.Core.Workflows;

namespace Lekhika.Core.Prompts;

/// <summary>The instructions by kind of answer, embedded texts <c>kind.system.md</c> and <c>kind.task.md</c>; a node's own replace them.</summary>
public static class PromptTexts
{
    private static readonly ConcurrentDictionary<string, string> Texts = new(StringComparer.Ordinal);
    private static readonly ConditionalWeakTable<WorkflowNode, ConcurrentDictionary<string, string>> Versions = [];

    /// <summary>The system message's text for a node that answers with <paramref name="kind"/>.</summary>
    public static string System(WorkflowNode node, string kind) => Own(node.Data.SystemPrompt) ?? Text($"{kind}.system.md");

    /// <summary>What the node is asked to do.</summary>
    public static string Task(WorkflowNode node, string kind) => Own(node.Data.UserPrompt) ?? Text($"{kind}.task.md");

    /// <summary>Tells one version of a node's texts from another: the first 12 hexadecimal digits of their SHA-256.</summary>
    public static string Version(WorkflowNode node, string kind) =>
        Versions.GetOrCreateValue(node).GetOrAdd(kind, static (kind, node) => Reckoned(node, kind), node);

    private static string Reckoned(WorkflowNode node, string kind) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{System(node, kind)}\0{Task(node, kind)}")).AsSpan(0, 6));

    private static string? Own(string? prompt) => string.IsNullOrWhiteSpace(prompt) ? null : prompt;

    private static string Text(string name) => Texts.GetOrAdd(name, static name =>
    {
        using var reader = new StreamReader(typeof(PromptTexts).Assembly.GetManifestResourceStream($"Lekhika.Core.Prompts.Texts.{name}")
            ?? throw new InvalidOperationException($"There is no prompt {name}."));
        return reader.ReadToEnd();
    });
}
