using Lekhika.Core.Exports;
using Lekhika.Core.Manuscripts;
using Lekhika.Exporter.Rendering;

namespace Lekhika.Exporter.Docx.Flow;

/// <summary>What every piece of a document needs to know of it.</summary>
/// <param name="Numbering">Its lists.</param>
/// <param name="Pictures">Its pictures.</param>
internal sealed record DocxContext(Manuscript Book, BookDesign Design, DocxNumbering Numbering, DocxPictures Pictures)
{
    /// <summary>How many tables are told row by row, as Word would not open them.</summary>
    public int WideTables { get; set; }

    public BookWording Wording { get; } = BookWording.For(Book.Metadata.Language);

    public LanguageTag Language { get; } = new(Book.Metadata.Language);

    /// <summary>The script of the book's language.</summary>
    public DocxScript Script { get; } = DocxScripts.Of(new(Book.Metadata.Language));
}
