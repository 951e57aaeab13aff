using System.Diagnostics;
using Lekhika.Core.Exports;
using Lekhika.Core.Exports.Preflight;
using Lekhika.Exporter.Preflight;
using Lekhika.Exporter.Rendering;
using Lekhika.Persistence.Exports;
using Lekhika.Persistence.Signals;
using Lekhika.Persistence.Storage;
using Lekhika.Persistence.Tenancy;
using Microsoft.Extensions.Options;

namespace Lekhika.Exporter.Jobs;

/// <summary>Makes one file: reads the manuscript, has it made and checked, stores the result. A format that cannot be made, or does not pass, fails alone, with a reason.</summary>
internal sealed partial class ExportRunner(
    ExportLoader loader,
    ExportResults results,
    ExportQueue queue,
    FileMaker maker,
    RenderingGuard guard,
    LaterChecks later,
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

    public async Task RunAsync(ExportLease lease, CancellationToken cancellationToken)
    {
        if (lease.Crashes >= options.Value.CrashTries)
        {
            // Before anything of the job is read: reading it may be what ended the exporters.
            await results.FailAsync(lease, $"{lease.Crashes} {(lease.Crashes == 1 ? "try" : "tries")} ended without a file: the exporter died or was cut off each time, so the book may be what ends it. Operators find it in the exporters' logs.", cancellationToken);
            return;
        }

        ExportJob? job;
        try
        {
            // Its Markdown is read meanwhile, and that is as hostile as the rest of a book.
            job = await guard.RunAsync(token => loader.LoadAsync(lease, token), cancellationToken);
        }
        catch (RenderingTooLongException)
        {
            await TookTooLongAsync(lease);
            return;
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
            var made = await maker.MakeAsync(job, (pages, token) => TellPagesAsync(job, pages, token), cancellationToken);
            span?.SetTag(ExporterTelemetry.Bytes, made.File.Content.Length);
            if (made.Report.Count(PreflightSeverity.Error) > 0)
            {
                span?.SetStatus(ActivityStatusCode.Error, "preflight");
                var reason = Reason(made.Report);
                NotMade(log, job.Format.Key, job.ExecutionId, reason, null, null);
                return await results.FailAsync(job.Lease, reason, made.Report, cancellationToken);
            }

            if (!await results.SucceedAsync(job.Lease, job.Format, made.File, time.GetElapsedTime(started), cancellationToken))
            {
                return false;
            }

            if (!made.Report.IsComplete)
            {
                await later.CompleteAsync(job.Lease, made.File.Content, made.Report, CancellationToken.None);
            }

            return true;
        }
        catch (RenderingTooLongException)
        {
            span?.SetStatus(ActivityStatusCode.Error, "timeout");
            return await TookTooLongAsync(job.Lease);
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

    private async Task TellPagesAsync(ExportJob job, string pages, CancellationToken cancellationToken)
    {
        await results.TellPagesAsync(job.Lease, pages, cancellationToken);
        signals.Send(WakeUpTopic.Exports);
    }

    /// <summary>Once more, or never again; false when the job is held by another exporter now.</summary>
    private async Task<bool> TookTooLongAsync(ExportLease lease)
    {
        TookTooLong(log, lease.JobId, options.Value.JobTimeoutSeconds);
        var timeouts = lease.Timeouts + 1;
        if (timeouts < options.Value.TimeoutTries)
        {
            await queue.TimedOutAsync(lease, CancellationToken.None);
            signals.Send(WakeUpTopic.Exports);
            return true;
        }

        return await results.FailAsync(
            lease, $"It was not made within {options.Value.JobTimeoutSeconds} seconds, in {timeouts} {(timeouts == 1 ? "try" : "tries")}. A shorter book or fewer pictures may help.", CancellationToken.None);
    }

    private static string Reason(PreflightReport report)
    {
        var errors = report.Count(PreflightSeverity.Error);
        var first = report.Findings[0];
        return Shorten($"The file was made and did not pass its checks: {first.Message}{(first.Where is null ? "" : $" ({first.Where})")}{(errors > 1 ? $" And {errors - 1} more." : "")}");
    }

    private static string Shorten(string reason) => reason.Length <= MaxReason ? reason : reason[..MaxReason] + "…";

    [LoggerMessage(LogLevel.Information, "The {Format} of run {ExecutionId} is made by another exporter now.")]
    private static partial void NotOurs(ILogger log, string format, Guid executionId);

    [LoggerMessage(LogLevel.Error, "The {Format} of run {ExecutionId} could not be made. {Reason} {ForOperator}")]
    private static partial void NotMade(ILogger log, string format, Guid executionId, string reason, string? forOperator, Exception? error);

    [LoggerMessage(LogLevel.Error, "Export job {JobId} was not done within {Seconds} seconds.")]
    private static partial void TookTooLong(ILogger log, Guid jobId, double seconds);

    [LoggerMessage(LogLevel.Error, "Export job {JobId} could not be read.")]
    private static partial void NotRead(ILogger log, Guid jobId, Exception error);

    [LoggerMessage(LogLevel.Error, "The {Format} of run {ExecutionId} could not be made.")]
    private static partial void Failed(ILogger log, string format, Guid executionId, Exception error);
}
