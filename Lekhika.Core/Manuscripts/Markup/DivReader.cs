namespace Lekhika.Core.Manuscripts.Markup;

/// <summary>Makes blocks of what stands between fences.</summary>
internal static class DivReader
{
    /// <summary>The blocks of a div: one of its own kind, or its content where it has none.</summary>
    public static IReadOnlyList<Block> Read(DivHead head, List<Block> content, Func<string, IReadOnlyList<Inline>> words)
    {
        IReadOnlyList<Inline> title = [];
        if (head.Title is not null)
        {
            title = words(head.Title);
        }
        else if (head.IsTitled && content is [Heading heading, ..])
        {
            title = heading.Content;
            content.RemoveAt(0);
        }

        return InLanguage(
            head.Kind switch
            {
                "letter" => [new Letter(content)],
                "epigraph" => [new BlockQuotation(content)],
                "exercise" => [new Exercise(title, content)],
                _ when head.IsTitled => [new Callout(Enum.TryParse<CalloutKind>(head.Kind, ignoreCase: true, out var kind) ? kind : CalloutKind.Note, title, content)],
                _ => content,
            },
            head.Language);
    }

    /// <summary>Blocks of which all words are in a language.</summary>
    public static IReadOnlyList<Block> InLanguage(IReadOnlyList<Block> blocks, string? language) =>
        language is null ? blocks : [.. blocks.Select(block => InLanguage(block, language))];

    private static Block InLanguage(Block block, string language) => block switch
    {
        Paragraph p => new Paragraph(Words(p.Content, language)),
        Heading h => h with { Content = Words(h.Content, language) },
        BlockQuotation q => new BlockQuotation(InLanguage(q.Content, language)),
        Letter l => new Letter(InLanguage(l.Content, language)),
        ItemList l => l with { Items = [.. l.Items.Select(item => InLanguage(item, language))] },
        Table t => t with { Header = Cells(t.Header, language), Rows = [.. t.Rows.Select(row => Cells(row, language))] },
        Verse v => new Verse([.. v.Stanzas.Select(IReadOnlyList<VerseLine> (stanza) => [.. stanza.Select(line => line with { Content = Words(line.Content, language) })])]),
        Figure f => f with { Caption = Words(f.Caption, language) },
        Callout c => c with { Title = Words(c.Title, language), Content = InLanguage(c.Content, language) },
        Exercise e => new Exercise(Words(e.Title, language), InLanguage(e.Content, language)),
        _ => block,
    };

    private static IReadOnlyList<IReadOnlyList<Inline>> Cells(IReadOnlyList<IReadOnlyList<Inline>> cells, string language) => [.. cells.Select(cell => Words(cell, language))];

    private static IReadOnlyList<Inline> Words(IReadOnlyList<Inline> inlines, string language) =>
        inlines is [] or [LanguageSpan] ? inlines : [new LanguageSpan(inlines, language)];
}
