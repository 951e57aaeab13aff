using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Lekhika.Testing.Models.Batches;

/// <summary>OpenAI's files and batches (https://platform.openai.com/docs/api-reference/batch) over <see cref="ServedBatches"/>.</summary>
internal sealed class OpenAiBatchRoutes(ServedBatches batches, Func<CompletionRequest, CompletionAnswer> answer)
{
    private readonly ConcurrentDictionary<string, string> _files = new(StringComparer.Ordinal);
    private int _lastFile;

    /// <summary>Files that are there.</summary>
    public int Files => _files.Count;

    public void Map(WebApplication app)
    {
        app.MapPost("/v1/files", async context =>
        {
            var form = await context.Request.ReadFormAsync(context.RequestAborted);
            if (form["purpose"] != "batch" || form.Files is not [var file])
            {
                await WriteAsync(context, 400, Error("invalid_request"));
                return;
            }

            using var reader = new StreamReader(file.OpenReadStream());
            var id = $"file_{Interlocked.Increment(ref _lastFile)}";
            _files[id] = await reader.ReadToEndAsync(context.RequestAborted);
            await WriteAsync(context, 200, new { id, @object = "file", purpose = "batch", filename = file.FileName });
        });
        app.MapGet("/v1/files/{id}/content", context => context.Response.WriteAsync(Content((string)context.Request.RouteValues["id"]!), context.RequestAborted));
        app.MapDelete("/v1/files/{id}", async context =>
        {
            var id = (string)context.Request.RouteValues["id"]!;
            _files.TryRemove(id, out _);
            await WriteAsync(context, 200, new { id, deleted = true });
        });
        app.MapPost("/v1/batches", MakeAsync);
        app.MapGet("/v1/batches", async context =>
        {
            // A page has two, so that there are pages.
            var newest = batches.All.Reverse().SkipWhile(batch => context.Request.Query["after"] is [{ } after] && batch.Id != after).ToList();
            var page = newest.Skip(context.Request.Query.ContainsKey("after") ? 1 : 0).ToList();
            await WriteAsync(context, 200, new { @object = "list", data = page.Take(2).Select(Batch), has_more = page.Count > 2 });
        });
        app.MapGet("/v1/batches/{id}", context => FoundAsync(context, _ => { }));
        app.MapPost("/v1/batches/{id}/cancel", context => FoundAsync(context, batch => batch.IsCancelled = true));
    }

    private async Task MakeAsync(HttpContext context)
    {
        using var body = await JsonDocument.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted);
        var asked = body.RootElement;
        var making = await batches.TryAsync(context.RequestAborted);
        if (making is BatchMaking.Refuse or BatchMaking.Busy or BatchMaking.FailBefore)
        {
            await WriteAsync(context, making switch { BatchMaking.Refuse => 400, BatchMaking.Busy => 429, _ => 500 }, Error("no"));
            return;
        }

        var file = asked.GetProperty("input_file_id").GetString()!;
        var lines = _files[file].Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line)).ToList();
        if (asked.GetProperty("endpoint").GetString() != "/v1/chat/completions" || asked.GetProperty("completion_window").GetString() != "24h"
            || lines.Exists(line => line.GetProperty("method").GetString() != "POST" || line.GetProperty("url").GetString() != "/v1/chat/completions"))
        {
            await WriteAsync(context, 400, Error("invalid_request"));
            return;
        }

        var batch = batches.Add(
            [.. lines.Select(line => new ServedLine(line.GetProperty("custom_id").GetString()!, line.GetProperty("body")))],
            asked.GetProperty("metadata").Deserialize<Dictionary<string, string>>(),
            file);
        if (making == BatchMaking.HangAfter)
        {
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        }

        await (making == BatchMaking.FailAfter ? WriteAsync(context, 500, Error("no")) : WriteAsync(context, 200, Batch(batch)));
    }

    private async Task FoundAsync(HttpContext context, Action<ServedBatch> change)
    {
        if (batches.Find((string)context.Request.RouteValues["id"]!) is not { } batch)
        {
            await WriteAsync(context, 404, Error("not_found"));
            return;
        }

        change(batch);
        await WriteAsync(context, 200, Batch(batch));
    }

    private object Batch(ServedBatch batch)
    {
        var hasEnded = batches.HasEnded(batch);
        return new
        {
            id = batch.Id,
            @object = "batch",
            status = (hasEnded, batch.IsCancelled) switch { (true, true) => "cancelled", (true, false) => batches.Expire ? "expired" : "completed", (false, true) => "cancelling", _ => "in_progress" },
            metadata = batch.Metadata,
            input_file_id = batch.InputFile,
            output_file_id = hasEnded ? $"output_{batch.Id}" : null,
            error_file_id = hasEnded ? $"error_{batch.Id}" : null,
        };
    }

    /// <summary>Lines that failed stand in the file of errors.</summary>
    private string Content(string file)
    {
        var batch = batches.All.Single(batch => file.EndsWith("_" + batch.Id, StringComparison.Ordinal));
        var results = batches.Answered(batch).Select(line => (line.CustomId, Request: new CompletionRequest(line.Body, ""), Answer: answer(new CompletionRequest(line.Body, "")))).ToList();
        return file.StartsWith("output", StringComparison.Ordinal)
            ? batches.Garbage + Lines(results.Where(line => line.Answer.Status == 200).Select(line => new
            {
                id = "x",
                custom_id = line.CustomId,
                response = new { status_code = 200, request_id = "r", body = Completion(line.Request, line.Answer) },
                error = (object?)null,
            }))
            : Lines(results.Where(line => line.Answer.Status != 200).Select(line => new { custom_id = line.CustomId, response = new { status_code = line.Answer.Status, body = Error("no") }, error = (object?)null }))
                + Lines(batches.Unanswered(batch).Select(line => new { custom_id = line.CustomId, response = (object?)null, error = new { code = batch.IsCancelled ? "batch_cancelled" : "batch_expired", message = "No key sk-secret." } }));
    }

    private static object Completion(CompletionRequest request, CompletionAnswer answer)
    {
        var usage = answer.Usage ?? new AnswerUsage(request.Text.Length / 4, answer.Text.Length / 4);
        return new
        {
            id = "chatcmpl-1",
            @object = "chat.completion",
            model = request.Model,
            choices = new[] { new { index = 0, finish_reason = answer.FinishReason, message = new { role = "assistant", content = answer.Refusal is null ? answer.Text : null, refusal = answer.Refusal } } },
            usage = new
            {
                prompt_tokens = usage.Input,
                completion_tokens = usage.Output,
                prompt_tokens_details = new { cached_tokens = usage.Cached },
                completion_tokens_details = new { reasoning_tokens = usage.Reasoning },
            },
        };
    }

    private static object Error(string code) => new { error = new { message = "The server says no to key sk-secret.", type = "error", code } };

    private static string Lines<T>(IEnumerable<T> lines) => string.Concat(lines.Select(line => JsonSerializer.Serialize(line) + "\n"));

    private static Task WriteAsync(HttpContext context, int status, object body)
    {
        (context.Response.StatusCode, context.Response.ContentType) = (status, "application/json");
        return context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(body)), context.RequestAborted).AsTask();
    }
}
