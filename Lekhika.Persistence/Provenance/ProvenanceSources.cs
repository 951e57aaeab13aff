using System.Security.Cryptography;
using System.Text;
using Lekhika.Core;
using Lekhika.Core.Exports.Provenance;
using Lekhika.Core.Workflows;
using Lekhika.Persistence.Tenancy;
using Npgsql;

namespace Lekhika.Persistence.Provenance;

/// <summary>What a manifest is made of, as the run has recorded it up to the moment at which the book was compiled.</summary>
internal sealed record ProvenanceSources(
    ManifestBook Book, string AiService, string PromptVersions, string Workflow, IReadOnlyList<RecordedCalls> Calls, IReadOnlyList<RecordedChapter> Chapters, RecordedRequests Requests,
    IReadOnlyList<ManifestPicture> Pictures)
{
    private const string Newest = "b.id = coalesce($2, (SELECT n.id FROM books n WHERE n.execution_id = $1 ORDER BY n.version DESC LIMIT 1))";

    private const string OneBook = $"books b JOIN engine_executions e ON e.id = b.execution_id AND e.id = $1 AND {Newest}";

    /// <summary>Statements of which $1 is the run and $2 the book, or null; read in this order.</summary>
    public static IReadOnlyList<string> Questions { get; } =
    [
        $"""
        SELECT b.id, b.execution_id, b.version, b.title, b.subtitle, b.author, b.language, b.words, b.completed_at, e.workflow_version_id, e.forked_from,
               b.ai_service, e.prompt_versions::text, w.definition::text
        FROM {OneBook} JOIN workflow_versions w ON w.id = e.workflow_version_id
        """,
        $"""
        SELECT c.provider_name || ':' || c.model_asked, c.provider, c.model_answered, c.task, count(*), sum(c.input_tokens)::bigint, sum(c.output_tokens)::bigint
        FROM {OneBook} JOIN ai_calls c ON c.execution_id = e.id AND c.status = 'succeeded' AND c.operation IN ('chat', 'image') AND (c.operation = 'image' OR c.started_at <= b.completed_at)
        GROUP BY 1, 2, 3, 4
        """,
        $"""
        SELECT c.number, c.title, c.version, c.words, encode(sha256(convert_to(c.content, 'UTF8')), 'hex'), o.node_id IS NOT NULL, o.model
        FROM {OneBook} CROSS JOIN jsonb_to_recordset(b.chapters) AS r (number int, version int)
        JOIN chapter_versions c ON c.execution_id = e.id AND c.number = r.number AND c.version = r.version
        LEFT JOIN LATERAL (
            SELECT o.node_id, o.model FROM node_outputs o
            WHERE o.execution_id = e.id AND o.node_id = c.node_id AND o.item = c.number AND o.kind = 'chapter' AND (o.content ->> 'version')::int = c.version LIMIT 1
        ) o ON true
        ORDER BY c.number
        """,
        $"""
        SELECT (SELECT count(*) FROM regenerations r WHERE r.execution_id = e.id AND r.created_at <= b.completed_at AND r.guidance IS NOT NULL)::int,
               (SELECT count(*) FROM regenerations r WHERE r.execution_id = e.id AND r.created_at <= b.completed_at)::int,
               (SELECT count(*) FROM previews p WHERE p.execution_id = e.id AND p.decided_at <= b.completed_at AND p.decision = 'approved')::int
        FROM {OneBook}
        """,
        $"""
        SELECT DISTINCT ON (a.node_id, a.item) a.id, a.kind, encode(a.sha256, 'hex'), a.provider || ':' || a.model, a.alt_text, a.licence
        FROM {OneBook} JOIN assets a ON a.execution_id = e.id
        ORDER BY a.node_id, a.item, a.generation DESC
        """,
    ];

    /// <summary>Null when there is no such book.</summary>
    public static async Task<ProvenanceSources?> ReadAsync(NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        var books = await reader.RowsAsync(
            row => (
                Book: new ManifestBook(
                    row.GetGuid(0), row.GetGuid(1), row.GetInt32(2), row.GetString(3), row.Text(4), row.GetString(5), row.GetString(6), row.GetInt32(7), row.GetDateTime(8), row.GetGuid(9), row.Nullable<Guid>(10)),
                AiService: row.GetString(11), Prompts: row.GetString(12), Workflow: row.GetString(13)),
            cancellationToken);
        var calls = await reader.RowsAsync(
            row => new RecordedCalls(row.GetString(0), row.GetString(1), row.Text(2), row.GetString(3), row.GetInt64(4), row.GetInt64(5), row.GetInt64(6)), cancellationToken);
        var chapters = await reader.RowsAsync(
            row => new RecordedChapter(row.GetInt32(0), row.GetString(1), row.GetInt32(2), row.GetInt32(3), row.GetString(4), row.GetBoolean(5), row.Text(6)), cancellationToken);
        var requests = await reader.RowsAsync(row => new RecordedRequests(row.GetInt32(0), row.GetInt32(1), row.GetInt32(2)), cancellationToken);
        var pictures = await reader.RowsAsync(
            row => new ManifestPicture(row.GetGuid(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4), row.GetString(5)), cancellationToken);
        return books is [var (book, service, prompts, workflow)] && requests is [var asked] ? new(book, service, prompts, workflow, calls, chapters, asked, pictures) : null;
    }

    public ProvenanceManifest Manifest()
    {
        List<int> edited = [.. Chapters.Where(chapter => !chapter.IsMade).Select(chapter => chapter.Number)];
        return new(
            Book,
            $"The text of this book was generated by software ({AiService}){(edited.Count > 0 ? ", and people have edited it" : "")}{(Pictures.Count > 0 ? "; its pictures were generated by software too" : "")}.",
            edited.Count > 0 ? "http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia" : "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia",
            Models(),
            new ManifestPrompts(Json.Read<SortedDictionary<string, int>>(PromptVersions), OwnPrompts()),
            [.. Chapters.Select(chapter => new ManifestChapter(chapter.Number, chapter.Title, chapter.Version, chapter.Words, chapter.Sha256, chapter.IsMade ? chapter.Model ?? AiService : null))],
            new ManifestPeople(edited, Requests.Guidance, Requests.DoneAnew, Requests.Approved),
            [.. Pictures.OrderBy(picture => picture.Id)]);
    }

    private List<ManifestModel> Models() =>
    [
        .. Calls.GroupBy(call => (call.Name, call.Kind)).OrderBy(model => model.Key.Name, StringComparer.Ordinal).ThenBy(model => model.Key.Kind, StringComparer.Ordinal).Select(model => new ManifestModel(
            model.Key.Name,
            model.Key.Kind,
            [.. model.Select(call => call.Answered).OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
            [
                .. model.GroupBy(call => call.Task, StringComparer.Ordinal).OrderBy(task => task.Key, StringComparer.Ordinal)
                    .Select(task => new ManifestTask(task.Key, task.Sum(call => call.Count), task.Sum(call => call.InputTokens), task.Sum(call => call.OutputTokens))),
            ])),
    ];

    private SortedDictionary<string, string> OwnPrompts()
    {
        var own = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var node in Json.Read<WorkflowDefinition>(Workflow).Nodes.Where(node => !string.IsNullOrWhiteSpace(node.Data.SystemPrompt) || !string.IsNullOrWhiteSpace(node.Data.UserPrompt)))
        {
            own[node.Id] = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{node.Data.SystemPrompt}\n{node.Data.UserPrompt}")));
        }

        return own;
    }
}

/// <summary>Calls of one model for one task that had an answer.</summary>
internal sealed record RecordedCalls(string Name, string Kind, string? Answered, string Task, long Count, long InputTokens, long OutputTokens);

/// <summary>A chapter of the book.</summary>
/// <param name="IsMade">Whether a step made this version; else a person did.</param>
internal sealed record RecordedChapter(int Number, string Title, int Version, int Words, string Sha256, bool IsMade, string? Model);

/// <summary>What people asked before the book was compiled.</summary>
internal sealed record RecordedRequests(int Guidance, int DoneAnew, int Approved);
