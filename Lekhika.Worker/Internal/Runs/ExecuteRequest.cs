using System.Text.Json;
using System.Text.Json.Serialization;
using Lekhika.Core.Executions.Submissions;
using Lekhika.Worker.Internal.Http;

namespace Lekhika.Worker.Internal.Runs;

/// <summary>A run that another service asks for, in the words of either seed document.</summary>
/// <param name="ExecutionId">A uuid names a request that may arrive twice; anything else has no effect.</param>
internal sealed record ExecuteRequest(
    JsonElement? ExecutionId = null,
    string? UserId = null,
    string? UserEngineId = null,
    string? EngineId = null,
    Dictionary<string, JsonElement>? UserInput = null,
    Dictionary<string, JsonElement>? Inputs = null,
    ExecuteOptions? Options = null)
{
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Others { get; init; }

    [JsonIgnore]
    public IReadOnlyDictionary<string, JsonElement>? Form => UserInput ?? Inputs;

    [JsonIgnore]
    public string? Engine => UserEngineId ?? EngineId;

    [JsonIgnore]
    public string? IdempotencyKey =>
        ExecutionId is { ValueKind: JsonValueKind.String } id && id.TryGetGuid(out var name) ? $"internal:{name:D}" : null;

    [JsonIgnore]
    public IReadOnlyList<string> Ignored =>
    [
        .. ExecutionId is { ValueKind: not JsonValueKind.Null } && IdempotencyKey is null ? ["executionId"] : Array.Empty<string>(),
        .. IgnoredParts.Names(Others),
    ];

    public IEnumerable<FieldFault> Faults()
    {
        if (!Guid.TryParse(UserId, out _))
        {
            yield return new("userId", "The uuid of the user whose run it is is required.");
        }

        if (UserEngineId is not null && EngineId is not null && UserEngineId != EngineId)
        {
            yield return new("engineId", "This and userEngineId name two engines; give one of them.");
        }
        else if (!Guid.TryParse(Engine, out _))
        {
            yield return new("userEngineId", "The uuid of one of the user's engines is required, here or in engineId.");
        }

        if (UserInput is not null && Inputs is not null)
        {
            yield return new("inputs", "The form's values stand here or in userInput, not in both.");
        }
        else if (Form is null)
        {
            yield return new("userInput", "The form's values are required, here or in inputs.");
        }

        foreach (var fault in OptionRules.Faults(Options))
        {
            yield return fault;
        }
    }
}
