using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Validation;

namespace Lekhika.Testing.Running;

/// <summary>Checks a DOCX file against the schemas of Word 2010, 2019 and 365 with Microsoft's validator.</summary>
internal static class DocxCheck
{
    private static readonly FileFormatVersions[] Versions = [FileFormatVersions.Office2010, FileFormatVersions.Office2019, FileFormatVersions.Microsoft365];

    /// <summary>Prints what is wrong; 0 when nothing is.</summary>
    public static int Run(string file)
    {
        try
        {
            using var document = WordprocessingDocument.Open(file, isEditable: false);
            var faults = Versions.SelectMany(version => new OpenXmlValidator(version).Validate(document)
                .Select(fault => $"{version}: {fault.Part?.Uri} {fault.Path?.XPath}: {fault.Description}")).ToList();
            foreach (var fault in faults)
            {
                Console.WriteLine(fault);
            }

            return faults.Count == 0 ? 0 : 1;
        }
        catch (Exception error) when (error is OpenXmlPackageException or IOException or InvalidDataException)
        {
            Console.WriteLine($"'{file}' cannot be opened as a Word document: {error.Message}");
            return 1;
        }
    }
}
