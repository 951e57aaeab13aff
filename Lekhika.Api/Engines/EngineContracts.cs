using System.Text.Json;
using Lekhika.Core.Workflows;
using Lekhika.Persistence.Engines;

namespace Lekhika.Api.Engines;

/// <summary>A page of the caller's engines.</summary>
/// <param name="NextCursor">For the next page; null on the last one.</param>
internal sealed record EnginePage(IReadOnlyList<EngineSummary> Engines, string? NextCursor);

/// <summary>An engine that the caller can run.</summary>
/// <param name="Id">The caller's copy: the userEngineId of other addresses.</param>
/// <param name="EngineId">The master engine it is a copy of.</param>
/// <param name="Key">The master's short name, such as book.</param>
/// <param name="Status">active or inactive.</param>
internal record EngineSummary(Guid Id, Guid EngineId, string Key, string Name, string Description, string Status, DateTime CreatedAt)
{
    public EngineSummary(UserEngineSummary engine)
        : this(engine.Id, engine.EngineId, engine.Key, engine.Name, engine.Description, engine.Status, engine.CreatedAt)
    {
    }
}

/// <summary>One engine.</summary>
internal sealed record EngineAnswer(EngineDetails Engine);

/// <summary>An engine with what its workflow consists of; the prompts stay inside.</summary>
internal sealed record EngineDetails : EngineSummary
{
    public EngineDetails(UserEngine engine, StoredWorkflow workflow)
        : base(engine.Summary)
    {
        Nodes = [.. (workflow.Definition?.Nodes ?? []).Select(node => new EngineNode(node.Id, node.Type, node.Data.Role, node.Data.Label))];
        Models = workflow.Definition?.Models ?? [];
        Faults = workflow.Faults;
    }

    public IReadOnlyList<EngineNode> Nodes { get; }

    public IReadOnlyList<JsonElement> Models { get; }

    /// <summary>Why it cannot run; empty when it can.</summary>
    public IReadOnlyList<WorkflowFault> Faults { get; }
}

/// <summary>A step of an engine's workflow.</summary>
internal sealed record EngineNode(string Id, NodeType Type, string? Role, string? Label);
