using System.Text.Json;

namespace Lekhika.Run.Api;

/// <summary>The answer around everything that <c>engines-api</c> says.</summary>
internal sealed record Envelope<T>(bool Success, T? Data);

/// <summary><c>POST /v1/auth/register</c> and <c>/v1/auth/login</c>.</summary>
internal sealed record Login(string AccessToken);

/// <summary><c>POST /v1/keys</c>; the key is shown this once.</summary>
internal sealed record NewKey(string Key);

/// <summary><c>GET /engines-api/list</c>.</summary>
internal sealed record EngineList(IReadOnlyList<Engine> Engines);

/// <param name="Id">The user's copy, which runs.</param>
/// <param name="Key">The master engine's short name, such as <c>book</c>.</param>
internal sealed record Engine(string Id, string Name, string? Key);

/// <summary>The 202 of a submitted run.</summary>
internal sealed record Submitted(string ExecutionId);

/// <summary><c>GET /engines-api/executions/{id}</c>.</summary>
/// <param name="Status">queued, processing, paused, completed, failed or stopped.</param>
/// <param name="Progress">Percent.</param>
/// <param name="Error">A sentence, or an object with a <c>message</c>.</param>
internal sealed record Execution(
    string ExecutionId, string Status, double Progress, string? CurrentStep, int Words, ChapterCount? Chapters, ExecutionResult? Result, JsonElement? Error)
{
    /// <summary>A paused run goes on when somebody says so, which may be never: there is nothing to wait for.</summary>
    public bool HasEnded => Status is "completed" or "failed" or "stopped" or "paused";
}

internal sealed record ChapterCount(int Done, int? Total);

/// <param name="Formats">By key: pdf, docx, epub, html, md, txt.</param>
internal sealed record ExecutionResult(IReadOnlyDictionary<string, ExecutionFile>? Formats);

/// <param name="Status">queued, running, succeeded or failed.</param>
/// <param name="Url">Where to download it, relative to the API.</param>
internal sealed record ExecutionFile(string Status, string? Url, string? FileName, long? Bytes, JsonElement? Error);
