using Lekhika.Core.Exports;
using Lekhika.Core.Manuscripts;
using Lekhika.Persistence.Exports;
using Lekhika.Persistence.Provenance;
using Microsoft.Extensions.Options;

namespace Lekhika.Exporter.Jobs;

/// <summary>Tells a book how it was made: where its manifest is in its metadata, and a note in its colophon where the design has one.</summary>
internal sealed class ColophonNote(ProvenanceStore provenance, IOptions<ExporterOptions> options)
{
    public async Task<Manuscript> AddAsync(Manuscript book, ExportJob job, CancellationToken cancellationToken)
    {
        if (await provenance.MakeAsync(job.Lease.UserId, job.ExecutionId, book.Metadata.Identifier, cancellationToken) is not { } made)
        {
            return book;
        }

        var address = Address(job, made);
        return book with
        {
            Metadata = book.Metadata with { Provenance = address },
            Colophon = BookDesign.Of(job.Settings).ProvenanceNote ? [.. book.Colophon, .. ProvenanceNote.Of(made.Manifest, made.Text, address)] : book.Colophon,
        };
    }

    /// <summary>For good, and without a secret: whoever opens it has to be let in by the Api. A service that does not know where it is reached has none.</summary>
    private string? Address(ExportJob job, MadeManifest made) =>
        options.Value.PublicAddress is { Length: > 0 } api ? new Uri($"{api.TrimEnd('/')}/v1/executions/{job.ExecutionId}/provenance?sha256={made.Text.Hash}").AbsoluteUri : null;
}
