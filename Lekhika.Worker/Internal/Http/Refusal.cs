using System.Text.Json.Serialization;
using Lekhika.Core.Executions.Submissions;

namespace Lekhika.Worker.Internal.Http;

/// <summary>An answer that says no, in the original's form: <c>{success: false, error, code}</c> and what programs may want besides.</summary>
/// <param name="Code">Stable; listed in docs/operations.md.</param>
/// <param name="Error">For people.</param>
internal sealed record Refusal([property: JsonIgnore] int Status, string Code, string Error) : IResult
{
    public static Refusal NotFound { get; } = new(404, "not_found", "Endpoint not found");

    public static Refusal NoExecution { get; } = new(404, "execution_not_found", "There is no execution with this id.");

    [JsonPropertyOrder(-1)]
    public bool Success => false;

    /// <summary>Faults by field, or faults of a workflow.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public object? Details { get; init; }

    /// <summary>The state in which an execution does not allow it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? State { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? TraceId { get; init; }

    public static Refusal Invalid(IReadOnlyDictionary<string, string[]> errors) =>
        new(400, "validation_failed", string.Join(' ', errors.Take(3).Select(error => $"{error.Key}: {error.Value[0]}"))) { Details = errors };

    /// <summary>Null when there are none.</summary>
    public static Refusal? Invalid(IReadOnlyCollection<FieldFault> faults) =>
        faults.Count == 0 ? null : Invalid(faults.GroupBy(fault => fault.Field).ToDictionary(field => field.Key, field => field.Select(fault => fault.Message).ToArray()));

    public static Refusal ContentRefused(string message, string field, string category) => new(422, "content_refused", message) { Details = new { field, category } };

    public static Refusal Of(SubmissionFault fault) => fault switch
    {
        SubmissionFault.NoEngine => new(404, "engine_not_found", "This user has no engine with this id."),
        SubmissionFault.InactiveEngine => new(409, "engine_inactive", "This engine is switched off."),
        SubmissionFault.BadWorkflow bad => new(422, "workflow_invalid", "The engine's workflow cannot run. " + string.Join(' ', bad.Faults.Take(3).Select(each => each.Message)))
        {
            Details = bad.Faults,
        },
        SubmissionFault.BadForm bad => Invalid(bad.Errors),
        SubmissionFault.ContentRefused { Refusal: var refused } => ContentRefused(refused.Message, refused.Field, refused.Finding.Category),
        SubmissionFault.KeyReused => new(422, "idempotency_key_reused", "This executionId came with another request before. Use a new one for a new execution."),
        _ => throw new ArgumentException($"Nobody has said how {fault} is told.", nameof(fault)),
    };

    public Task ExecuteAsync(HttpContext context)
    {
        context.Response.StatusCode = Status;
        if (Status == StatusCodes.Status401Unauthorized)
        {
            context.Response.Headers.WWWAuthenticate = Gate.Header;
        }

        return context.Response.WriteAsJsonAsync(this, context.RequestAborted);
    }
}
