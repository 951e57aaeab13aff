using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Lekhika.Testing.Models.Batches;

/// <summary>Anthropic's message batches (https://docs.anthropic.com/en/api/creating-message-batches) over <see cref="ServedBatches"/>.</summary>
internal sealed class AnthropicBatchRoutes(ServedBatches batches, Func<MessageRequest, CompletionAnswer> answer, Func<MessageRequest, CompletionAnswer, object> message)
{
    public void Map(WebApplication app)
    {
        app.MapPost("/v1/messages/batches", MakeAsync);
        app.MapGet("/v1/messages/batches", async context =>
        {
            var newest = batches.All.Where(batch => !batch.IsRemoved).Reverse().SkipWhile(batch => context.Request.Query["after_id"] is [{ } after] && batch.Id != after).ToList();
            var page = newest.Skip(context.Request.Query.ContainsKey("after_id") ? 1 : 0).ToList();
            await WriteAsync(context, 200, new { data = page.Take(2).Select(Batch), has_more = page.Count > 2 });
        });
        app.MapGet("/v1/messages/batches/{id}", context => FoundAsync(context, _ => { }));
        app.MapPost("/v1/messages/batches/{id}/cancel", context => FoundAsync(context, batch => batch.IsCancelled = true));
        app.MapDelete("/v1/messages/batches/{id}", context => FoundAsync(context, batch => batch.IsRemoved = true));
        app.MapGet("/v1/messages/batches/{id}/results", async context =>
        {
            var batch = batches.Find((string)context.Request.RouteValues["id"]!);
            await (batch is null || !batches.HasEnded(batch) ? WriteAsync(context, 404, Error("not_found_error")) : context.Response.WriteAsync(Results(batch), context.RequestAborted));
        });
    }

    private async Task MakeAsync(HttpContext context)
    {
        using var body = await JsonDocument.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted);
        var making = await batches.TryAsync(context.RequestAborted);
        if (making is BatchMaking.Refuse or BatchMaking.Busy or BatchMaking.FailBefore || context.Request.Headers["anthropic-version"].Count == 0)
        {
            await WriteAsync(context, making switch { BatchMaking.Busy => 429, BatchMaking.FailBefore => 500, _ => 400 }, Error("invalid_request_error"));
            return;
        }

        var batch = batches.Add(
            [.. body.RootElement.GetProperty("requests").EnumerateArray().Select(line => new ServedLine(line.GetProperty("custom_id").GetString()!, line.GetProperty("params").Clone()))], null, null);
        if (making == BatchMaking.HangAfter)
        {
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        }

        await (making == BatchMaking.FailAfter ? WriteAsync(context, 500, Error("api_error")) : WriteAsync(context, 200, Batch(batch)));
    }

    private async Task FoundAsync(HttpContext context, Action<ServedBatch> change)
    {
        if (batches.Find((string)context.Request.RouteValues["id"]!) is not { } batch)
        {
            await WriteAsync(context, 404, Error("not_found_error"));
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
            type = "message_batch",
            processing_status = hasEnded ? "ended" : batch.IsCancelled ? "canceling" : "in_progress",
            created_at = batch.CreatedAt.ToString("O"),
            request_counts = new
            {
                processing = hasEnded ? 0 : batch.Lines.Count,
                succeeded = hasEnded ? batch.Lines.Count : 0,
                errored = 0,
                canceled = 0,
                expired = 0,
            },
            results_url = hasEnded ? "http://127.0.0.1:1/elsewhere" : null,
        };
    }

    private string Results(ServedBatch batch)
    {
        var lines = batches.Answered(batch).Select(line =>
        {
            var request = new MessageRequest(line.Body, "", "");
            var answered = answer(request);
            return answered.Status == 200
                ? JsonSerializer.Serialize(new { custom_id = line.CustomId, result = new { type = "succeeded", message = message(request, answered) } })
                : JsonSerializer.Serialize(new { custom_id = line.CustomId, result = new { type = "errored", error = Error(answered.Status < 500 ? "invalid_request_error" : "api_error") } });
        });
        var others = batches.Unanswered(batch).Select(line => JsonSerializer.Serialize(new { custom_id = line.CustomId, result = new { type = batch.IsCancelled ? "canceled" : "expired" } }));
        return batches.Garbage + string.Concat(lines.Concat(others).Select(line => line + "\n"));
    }

    private static object Error(string type) => new { type = "error", error = new { type, message = "The server says no to key sk-secret." } };

    private static Task WriteAsync(HttpContext context, int status, object body)
    {
        (context.Response.StatusCode, context.Response.ContentType) = (status, "application/json");
        return context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(body)), context.RequestAborted).AsTask();
    }
}
