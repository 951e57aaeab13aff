using System.Text.Json;

namespace Lekhika.Testing.Models;

/// <summary>What the server was asked.</summary>
public sealed record CompletionRequest(JsonElement Body, string Authorization)
{
    /// <summary>Where it was asked, from the root of the server.</summary>
    public string Path { get; init; } = "";

    /// <summary>The model asked for.</summary>
    public string Model => Body.GetProperty("model").GetString()!;

    /// <summary>Whether the answer is to be streamed.</summary>
    public bool IsStreamed => Body.TryGetProperty("stream", out var stream) && stream.GetBoolean();

    /// <summary>The JSON schema of the answer with its name; null when prose is asked for.</summary>
    public (string Name, JsonElement Schema)? Format =>
        Body.TryGetProperty("response_format", out var format) && format.TryGetProperty("json_schema", out var json)
            ? (json.GetProperty("name").GetString()!, json.GetProperty("schema"))
            : null;

    /// <summary>The name of the JSON schema of the answer; null when prose is asked for.</summary>
    public string? SchemaName => Format?.Name;

    /// <summary>All messages, as <c>role: text</c>.</summary>
    public string Text => string.Join('\n', Body.GetProperty("messages").EnumerateArray().Select(message => $"{message.GetProperty("role").GetString()}: {Content(message.GetProperty("content"))}"));

    /// <summary>The chapter asked for, from the prompt's material; null when it is another task.</summary>
    public int? Chapter => Material("chapter")?.GetProperty("number").GetInt32();

    /// <summary>A material of the prompt: one line of JSON in a fence of its own; null when there is none of that name.</summary>
    public JsonElement? Material(string name)
    {
        var (text, fence) = (Text, $"<material name=\"{name}\">\n");
        var at = text.IndexOf(fence, StringComparison.Ordinal);
        return at < 0 ? null : JsonElement.Parse(text[(at + fence.Length)..].Split('\n')[0]);
    }

    private static string? Content(JsonElement content) => content.ValueKind == JsonValueKind.String
        ? content.GetString()
        : string.Concat(content.EnumerateArray().Select(part => part.GetProperty("text").GetString()));
}

/// <summary>What the server answers. For embeddings, images and moderations the text is the whole body; for Anthropic's server the reasons to finish are translated.</summary>
public sealed record CompletionAnswer(string Text, string FinishReason = "stop", int Status = 200, TimeSpan Delay = default)
{
    /// <summary>The text as it is streamed; null: at once, in pieces of 1,000 characters.</summary>
    public IReadOnlyList<AnswerPiece>? Pieces { get; init; }

    /// <summary>What goes wrong.</summary>
    public ServerFault Fault { get; init; }

    /// <summary>Called when a server that hangs or stalls begins to.</summary>
    public Action? Stopped { get; init; }

    /// <summary>The header of that name, for an answer that is an error.</summary>
    public string? RetryAfter { get; init; }

    /// <summary>Where a redirect leads.</summary>
    public string? Location { get; init; }

    /// <summary>The code (Anthropic: the type) of an error.</summary>
    public string? ErrorCode { get; init; }

    /// <summary>The part of the question that an error of OpenAI's protocol is about.</summary>
    public string? ErrorParameter { get; init; }

    /// <summary>Whether each piece of a stream of OpenAI's protocol brings the tokens, and not the last one alone.</summary>
    public bool CountsAsItGoes { get; init; }

    /// <summary>The words of a refusal, in place of the text.</summary>
    public string? Refusal { get; init; }

    /// <summary>The tokens; null: a quarter of the characters.</summary>
    public AnswerUsage? Usage { get; init; }

    /// <summary>Called when the whole answer was sent.</summary>
    public Action? Sent { get; init; }
}

/// <summary>A part of an answer, and the pause before it.</summary>
public sealed record AnswerPiece(string Text, TimeSpan After = default);
