using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Validation;
using DocumentFormat.OpenXml.Wordprocessing;
using Lekhika.Core.Exports;

namespace Lekhika.Exporter.Preflight;

/// <summary>Whether Word opens a document without repairing it: Microsoft's own validator, for Microsoft 365.</summary>
internal sealed class DocxCheck : IFileCheck
{
    private const int MostErrors = 50;

    public bool Fits(ExportFormat format) => format == ExportFormat.Docx;

    public Task CheckAsync(CheckedFile file, Findings findings, CancellationToken cancellationToken)
    {
        try
        {
            using var document = WordprocessingDocument.Open(new MemoryStream(file.Content, writable: false), isEditable: false);
            if (document.MainDocumentPart is not { } main || Load<Document>(main) is not { Body: not null } text)
            {
                findings.Error("docx_unreadable", "The document has no text.");
                return Task.CompletedTask;
            }

            main.Document = text;
            if (main.FootnotesPart is { } notes && Load<Footnotes>(notes) is { } loaded)
            {
                notes.Footnotes = loaded;
            }

            var validator = new OpenXmlValidator(FileFormatVersions.Microsoft365) { MaxNumberOfErrors = MostErrors };
            foreach (var error in validator.Validate(document, cancellationToken))
            {
                findings.Error("docx_invalid", error.Description, $"{error.Part?.Uri}{error.Path?.XPath}");
            }
        }
        catch (Exception error) when (error is OpenXmlPackageException or InvalidDataException or FileFormatException or System.Xml.XmlException)
        {
            findings.Error("docx_unreadable", "The file is no Word document, or a damaged one.");
        }

        return Task.CompletedTask;
    }

    /// <summary>The part's tree, read in one go: the library's own loads an element's children when they are asked for, from text that it reads again at each depth.</summary>
    private static T? Load<T>(OpenXmlPart part)
        where T : OpenXmlPartRootElement
    {
        using var reader = OpenXmlReader.Create(part);
        return reader.Read() ? reader.LoadCurrentElement() as T : null;
    }
}
