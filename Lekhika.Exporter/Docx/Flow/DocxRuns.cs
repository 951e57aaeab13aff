using DocumentFormat.OpenXml;
using Lekhika.Core.Manuscripts;
using Lekhika.Exporter.Rendering;
using W = DocumentFormat.OpenXml.Wordprocessing;

namespace Lekhika.Exporter.Docx.Flow;

/// <summary>How a run of text looks beside its paragraph, and in which language it is.</summary>
/// <param name="Style">A character style; null: what the marks ask for.</param>
/// <param name="Language">Null: the book's.</param>
internal sealed record Look(string? Style = null, bool Emphasis = false, bool Strong = false, bool SmallCaps = false, bool Raised = false, LanguageTag? Language = null)
{
    public static Look Plain { get; } = new();
}

/// <summary>Inlines as runs: every character as text, marks as character styles.</summary>
/// <param name="notes">Null within a note, as notes hold no notes.</param>
internal sealed class DocxRuns(DocxStory story, DocxContext context, DocxNotes? notes)
{
    public IEnumerable<OpenXmlElement> Of(IReadOnlyList<Inline> inlines, Look? look = null) => inlines.SelectMany(inline => Of(inline, look ?? Look.Plain));

    /// <summary>A text in one look, as as many runs as it has scripts.</summary>
    public IEnumerable<OpenXmlElement> Of(string text, Look? look = null)
    {
        look ??= Look.Plain;
        var around = look.Language is { } language ? DocxScripts.Of(language) : context.Script;
        return DocxScripts.Runs(text, around).Select(run => Run(look, run.Script, Text(run.Text)));
    }

    /// <summary>Lines of code, with their tabs.</summary>
    public IEnumerable<OpenXmlElement> Code(string code) => code.Split('\n').SelectMany((line, i) =>
    {
        var parts = line.Split('\t').SelectMany((part, j) => j == 0 ? Of(part) : Of(part).Prepend(new W.Run(new W.TabChar())));
        return i == 0 ? parts : parts.Prepend(new W.Run(new W.Break()));
    });

    private IEnumerable<OpenXmlElement> Of(Inline inline, Look look) => inline switch
    {
        Core.Manuscripts.Text t => Of(t.Value, look),
        CodeSpan c => Of(c.Value, look with { Style = "InlineCode" }),
        LineBreak => [Run(look, DocxScript.Simple, new W.Break())],
        Emphasis e => Of(e.Content, look with { Emphasis = true }),
        Strong s => Of(s.Content, look with { Strong = true }),
        SmallCaps c => Of(c.Content, look with { SmallCaps = true }),
        Superscript u => Of(u.Content, look with { Raised = true }),
        LanguageSpan l => Of(l.Content, look with { Language = new(l.Language) }),
        Link l when LinkTarget.Of(l.Target) is { } target => [new W.Hyperlink(Of(l.Content, look with { Style = "Hyperlink" })) { Id = story.Link(target), History = true }],
        Link l => Of(l.Content, look),
        Footnote n when notes is not null => [notes.Reference(n)],
        Footnote n => Of([.. n.Content.OfType<Paragraph>().SelectMany(paragraph => paragraph.Content)], look),
        _ => [],
    };

    private static W.Text Text(string text) => new(text) { Space = SpaceProcessingModeValues.Preserve };

    private static W.Run Run(Look look, DocxScript script, OpenXmlElement content) =>
        look == Look.Plain && script == DocxScript.Simple ? new(content) : new(Properties(look, script), content);

    /// <summary>One run has one style: what a second mark asks for is said directly.</summary>
    private static W.RunProperties Properties(Look look, DocxScript script)
    {
        var style = look.Style ?? (look.Strong ? "Strong" : look.Emphasis ? "Emphasis" : look.SmallCaps ? "SmallCaps" : look.Raised ? "Superscript" : null);
        var properties = new W.RunProperties();
        if (style is not null)
        {
            properties.RunStyle = new() { Val = style };
        }

        if (look.Strong && style != "Strong")
        {
            (properties.Bold, properties.BoldComplexScript) = (new(), new());
        }

        if (look.Emphasis && style != "Emphasis")
        {
            (properties.Italic, properties.ItalicComplexScript) = (new(), new());
        }

        if (look.SmallCaps && style != "SmallCaps")
        {
            properties.SmallCaps = new();
        }

        if (look.Raised && style != "Superscript")
        {
            properties.VerticalTextAlignment = new() { Val = W.VerticalPositionValues.Superscript };
        }

        switch (script)
        {
            case DocxScript.Complex: properties.Append(new W.ComplexScript()); break;
            case DocxScript.RightToLeft: properties.Append(new W.RightToLeftText()); break;
        }

        if (look.Language is { } language)
        {
            properties.Append(Languages(language, script));
        }

        return properties;
    }

    private static W.Languages Languages(LanguageTag language, DocxScript script) => script switch
    {
        DocxScript.Simple when language.Primary is "zh" or "yue" or "ja" or "ko" => new() { Val = language.Tag, EastAsia = language.Tag },
        DocxScript.Simple => new() { Val = language.Tag },
        _ => new() { Bidi = language.Tag },
    };
}
