using System.Diagnostics;
using System.Security.Cryptography;
using Lekhika.Core;
using Lekhika.Core.Exports;
using Lekhika.Exporter.Rendering;
using Lekhika.Persistence.Exports;
using Lekhika.Persistence.Signals;
using Lekhika.Persistence.Storage;
using Lekhika.Persistence.Tenancy;
using Microsoft.Extensions.Options;

namespace Lekhika.Exporter.Jobs;

/// <summary>Makes one file: reads the manuscript, renders it, stores the result. A format that cannot be made fails alone, with a reason.</summary>
internal sealed partial class ExportRunner(
    ExportLoader loader,
    ExportResults results,
    IEnumerable<IBookRenderer> renderers,
    WakeUpSignals signals,
    LiveSignals live,
    IOptions<ExporterOptions> options,
    TimeProvider time,
    ILogger<ExportRunner> log)
{
    private const int MaxReason = 500;
    private const string OurFault = "Something went wrong on our side while this file was made. Operators find it in the run's trace.";

    private const string StorageAway = "The file was made, but the store that keeps files did not answer for too long. The book is safe: order this format again later.";
    private const string StorageRefuses = "The file was made, but the store that keeps files refused it. The book is safe: order this format again when the operators have mended the store.";

    private readonly Dictionary<string, IBookRenderer> _byFormat = renderers.ToDictionary(renderer => renderer.Format.Key);

    public async Task RunAsync(ExportLease lease, CancellationToken cancellationToken)
    {
        if (lease.Attempt > options.Value.Tries)
        {
            // Before anything of the job is read: reading it may be what ended the exporters.
            await results.FailAsync(lease, $"{options.Value.Tries} tries ended without a file; the exporter was stopped each time.", cancellationToken);
            return;
        }

        ExportJob? job;
        try
        {
            job = await loader.LoadAsync(lease, cancellationToken);
        }
        catch (Exception error) when (error is not OperationCanceledException && !DatabaseFaults.IsAway(error))
        {
            NotRead(log, lease.JobId, error);
            await results.FailAsync(lease, OurFault, cancellationToken);
            return;
        }

        if (job is not null)
        {
            await RunAsync(job, cancellationToken);
        }
    }

    private async Task RunAsync(ExportJob job, CancellationToken cancellationToken)
    {
        using var span = ExporterTelemetry.StartExport(job);
        if (!await RenderAsync(job, span, cancellationToken))
        {
            NotOurs(log, job.Format.Key, job.ExecutionId);
            return;
        }

        live.Changed(job.ExecutionId);
        if (job.Format == ExportFormat.Pdf)
        {
            // Formats that use its pages may start now.
            signals.Send(WakeUpTopic.Exports);
        }
    }

    private async Task<bool> RenderAsync(ExportJob job, Activity? span, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        try
        {
            var renderer = _byFormat.GetValueOrDefault(job.Format.Key) ?? throw new RenderException("This version cannot make this format.");
            var pages = job is { Format.UsesPages: true, Pages: { } json } ? Json.Read<PageMap>(json) : null;
            var book = await renderer.RenderAsync(new RenderOrder(job.Manuscript, job.Settings, pages), cancellationToken);
            span?.SetTag(ExporterTelemetry.Bytes, book.Content.Length);
            var file = new ExportFile(
                Guid.CreateVersion7(time.GetUtcNow()),
                FileName.Of(job.Manuscript.Metadata.Title, job.Format, job.Order),
                book.Content,
                SHA256.HashData(book.Content),
                book.Pages is null ? null : Json.Write(book.Pages));
            return await results.SucceedAsync(job.Lease, job.Format, file, time.GetElapsedTime(started), cancellationToken);
        }
        catch (RenderException error)
        {
            span?.SetStatus(ActivityStatusCode.Error, error.Message);
            NotMade(log, job.Format.Key, job.ExecutionId, error.Message, error.ForOperator, error.InnerException);
            return await results.FailAsync(job.Lease, Shorten(error.Message), cancellationToken);
        }
        catch (StorageException error)
        {
            span?.SetStatus(ActivityStatusCode.Error, error.Message);
            NotMade(log, job.Format.Key, job.ExecutionId, error.Message, null, error.InnerException);
            return await results.FailAsync(job.Lease, error.IsAway ? StorageAway : StorageRefuses, cancellationToken);
        }
        catch (Exception error) when (error is not OperationCanceledException && !DatabaseFaults.IsAway(error))
        {
            span?.SetStatus(ActivityStatusCode.Error, error.GetType().Name);
            Failed(log, job.Format.Key, job.ExecutionId, error);
            return await results.FailAsync(job.Lease, OurFault, cancellationToken);
        }
    }

    private static string Shorten(string reason) => reason.Length <= MaxReason ? reason : reason[..MaxReason] + "…";

    [LoggerMessage(LogLevel.Information, "The {Format} of run {ExecutionId} is made by another exporter now.")]
    private static partial void NotOurs(ILogger log, string format, Guid executionId);

    [LoggerMessage(LogLevel.Error, "The {Format} of run {ExecutionId} could not be made. {Reason} {ForOperator}")]
    private static partial void NotMade(ILogger log, string format, Guid executionId, string reason, string? forOperator, Exception? error);

    [LoggerMessage(LogLevel.Error, "Export job {JobId} could not be read.")]
    private static partial void NotRead(ILogger log, Guid jobId, Exception error);

    [LoggerMessage(LogLevel.Error, "The {Format} of run {ExecutionId} could not be made.")]
    private static partial void Failed(ILogger log, string format, Guid executionId, Exception error);
}
