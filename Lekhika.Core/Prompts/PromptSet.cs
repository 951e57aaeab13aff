using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using Lekhika.Core.Workflows;

namespace Lekhika.Core.Prompts;

/// <summary>A published version of the platform's texts of a kind; it never changes.</summary>
/// <param name="Version">From 1; 0 stands for the embedded texts.</param>
/// <param name="System">Null: the embedded text.</param>
/// <param name="Task">Null: the embedded text.</param>
public sealed record PromptTemplate(string Kind, int Version, string? System, string? Task);

/// <summary>Which texts a node was asked with.</summary>
/// <param name="Hash">The first 12 hexadecimal digits of their SHA-256.</param>
/// <param name="Number">The version of the platform's texts, 0 for the embedded ones; null when both are the node's own.</param>
public readonly record struct PromptVersion(string Hash, int? Number);

/// <summary>The texts of one run, by kind of answer: a node's own, else the platform's in the run's version, else the embedded ones.</summary>
public sealed class PromptSet(IEnumerable<PromptTemplate> published)
{
    private readonly Dictionary<string, PromptTemplate> _published = published.ToDictionary(template => template.Kind, StringComparer.Ordinal);
    private readonly ConditionalWeakTable<WorkflowNode, ConcurrentDictionary<string, PromptVersion>> _versions = [];

    /// <summary>The texts where nobody has published any.</summary>
    public static PromptSet Embedded { get; } = new([]);

    /// <summary>The version of each kind of which one is published.</summary>
    public IReadOnlyDictionary<string, int> Versions => _published.ToDictionary(template => template.Key, template => template.Value.Version, StringComparer.Ordinal);

    /// <summary>The version of a kind; 0 for the embedded texts.</summary>
    public int VersionOf(string kind) => _published.GetValueOrDefault(kind)?.Version ?? 0;

    /// <summary>The system message's text for a node that answers with <paramref name="kind"/>.</summary>
    public string System(WorkflowNode node, string kind) => Own(node.Data.SystemPrompt) ?? _published.GetValueOrDefault(kind)?.System ?? PromptTexts.System(kind);

    /// <summary>What the node is asked to do.</summary>
    public string Task(WorkflowNode node, string kind) => Own(node.Data.UserPrompt) ?? _published.GetValueOrDefault(kind)?.Task ?? PromptTexts.Task(kind);

    /// <summary>Tells one version of a node's texts from another.</summary>
    public PromptVersion Version(WorkflowNode node, string kind) =>
        _versions.GetOrCreateValue(node).GetOrAdd(kind, static (kind, asked) => asked.Prompts.Reckoned(asked.Node, kind), (Prompts: this, Node: node));

    private PromptVersion Reckoned(WorkflowNode node, string kind) => new(
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{System(node, kind)}\0{Task(node, kind)}")).AsSpan(0, 6)),
        Own(node.Data.SystemPrompt) is not null && Own(node.Data.UserPrompt) is not null ? null : VersionOf(kind));

    private static string? Own(string? prompt) => string.IsNullOrWhiteSpace(prompt) ? null : prompt;
}
