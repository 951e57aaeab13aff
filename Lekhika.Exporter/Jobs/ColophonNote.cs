using Lekhika.Core.Exports;
using Lekhika.Core.Exports.Provenance;
using Lekhika.Core.Manuscripts;
using Lekhika.Persistence.Exports;
using Lekhika.Persistence.Provenance;
using Microsoft.Extensions.Options;

namespace Lekhika.Exporter.Jobs;

/// <summary>Tells a book how it was made: the manifest's hash in its metadata, and a note in its colophon where the design has one.</summary>
internal sealed class ColophonNote(ProvenanceStore provenance, IOptions<ExporterOptions> options)
{
    public async Task<Manuscript> AddAsync(Manuscript book, ExportJob job, CancellationToken cancellationToken)
    {
        if (await provenance.MakeAsync(job.Lease.UserId, job.ExecutionId, book.Metadata.Identifier, cancellationToken) is not { } made)
        {
            return book;
        }

        var address = $"{options.Value.PublicAddress?.TrimEnd('/')}/v1/executions/{job.ExecutionId}/provenance?sha256={made.Text.Hash}";
        return book with
        {
            Metadata = book.Metadata with { Provenance = address },
            Colophon = BookDesign.Of(job.Settings).ProvenanceNote ? [.. book.Colophon, .. ProvenanceNote.Of(made.Manifest, made.Text)] : book.Colophon,
        };
    }
}
