using System.Text;
using Lekhika.Core.Exports;

namespace Lekhika.Exporter.Preflight;

/// <summary>Whether a text is text: UTF-8, something in it, and no characters that command terminals.</summary>
internal sealed class TextCheck : IFileCheck
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public bool Fits(ExportFormat format) => format == ExportFormat.Txt || format == ExportFormat.Markdown || format == ExportFormat.Html;

    public Task CheckAsync(CheckedFile file, Findings findings, CancellationToken cancellationToken)
    {
        try
        {
            var text = Strict.GetString(file.Content);
            if (string.IsNullOrWhiteSpace(text))
            {
                findings.Error("text_empty", "The file is empty.");
            }

            foreach (var control in text.Where(one => char.IsControl(one) && one is not ('\n' or '\r' or '\t' or '\f')).Distinct())
            {
                findings.Error("text_control", $"The file has the control character U+{(int)control:X4}.");
            }
        }
        catch (DecoderFallbackException)
        {
            findings.Error("text_encoding", "The file is not UTF-8.");
        }

        return Task.CompletedTask;
    }
}
