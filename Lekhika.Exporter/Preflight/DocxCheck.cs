using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Validation;
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
            if (document.MainDocumentPart?.Document?.Body is null)
            {
                findings.Error("docx_unreadable", "The document has no text.");
                return Task.CompletedTask;
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
}
