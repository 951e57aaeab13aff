namespace Lekhika.Core.Exports;

/// <summary>How a book looks: every setting with a value. A theme is one; what a client asked for stands before the theme's. Units as in <see cref="ExportSettings"/>.</summary>
public sealed record BookDesign
{
    public PageSize PageSize { get; init; } = PageSize.Find("5.5x8.5")!;
    public PageMargins PageMargins { get; init; } = PageMargins.Normal;
    public string BodyFont { get; init; } = "EB Garamond";
    public string HeadingFont { get; init; } = "EB Garamond";
    public double BodyFontSize { get; init; } = 10.5;
    public HeadingScale HeadingScale { get; init; } = HeadingScale.Normal;
    public double LineHeight { get; init; } = 1.34;
    public double ParagraphSpacing { get; init; }
    public TextAlignment Alignment { get; init; } = TextAlignment.Justified;
    public ColourScheme Colours { get; init; } = ColourScheme.Classic;

    /// <summary>Null: titles have the colour of the text.</summary>
    public string? AccentColour { get; init; }

    public bool DropCaps { get; init; } = true;
    public bool SmallCapsLeadIn { get; init; } = true;
    public string SceneOrnament { get; init; } = "***";
    public bool Hyphenate { get; init; } = true;
    public ChapterOpening ChapterOpening { get; init; } = ChapterOpening.Recto;
    public ChapterLabel ChapterLabel { get; init; } = ChapterLabel.Full;
    public bool RunningHeads { get; init; } = true;
    public bool Folios { get; init; } = true;
    public bool IncludeContents { get; init; } = true;
    public bool IncludeTitlePage { get; init; } = true;
    public bool IncludeCover { get; init; } = true;
    public AboutAuthorPosition AboutAuthorPosition { get; init; } = AboutAuthorPosition.Back;
    public bool ProvenanceNote { get; init; } = true;
    public PrintSettings Print { get; init; } = new();
    public int TextWidth { get; init; } = 72;

    /// <summary>The design that settings ask for: the theme's, with what they say themselves before it. The settings are good ones (<see cref="SettingRules"/>).</summary>
    public static BookDesign Of(ExportSettings settings)
    {
        var theme = (Theme.Find(settings.Theme) ?? Theme.Default).Design;
        return new()
        {
            PageSize = settings.PageSize is { } size ? PageSize.Find(size) ?? theme.PageSize : theme.PageSize,
            PageMargins = settings.PageMargins ?? theme.PageMargins,
            BodyFont = settings.BodyFont is { } body ? BookFont.Find(body)?.Name ?? theme.BodyFont : theme.BodyFont,
            HeadingFont = settings.HeadingFont is { } heading ? BookFont.Find(heading)?.Name ?? theme.HeadingFont : theme.HeadingFont,
            BodyFontSize = settings.BodyFontSize ?? theme.BodyFontSize,
            HeadingScale = settings.HeadingScale ?? theme.HeadingScale,
            LineHeight = settings.LineHeight ?? theme.LineHeight,
            ParagraphSpacing = settings.ParagraphSpacing ?? theme.ParagraphSpacing,
            Alignment = settings.Alignment ?? theme.Alignment,
            Colours = settings.Colours ?? theme.Colours,
            AccentColour = settings.AccentColour ?? theme.AccentColour,
            DropCaps = settings.DropCaps ?? theme.DropCaps,
            SmallCapsLeadIn = settings.SmallCapsLeadIn ?? theme.SmallCapsLeadIn,
            SceneOrnament = settings.SceneOrnament ?? theme.SceneOrnament,
            Hyphenate = settings.Hyphenate ?? theme.Hyphenate,
            ChapterOpening = settings.ChapterOpening ?? theme.ChapterOpening,
            ChapterLabel = settings.ChapterLabel ?? theme.ChapterLabel,
            RunningHeads = settings.RunningHeads ?? theme.RunningHeads,
            Folios = settings.Folios ?? theme.Folios,
            IncludeContents = settings.IncludeContents ?? theme.IncludeContents,
            IncludeTitlePage = settings.IncludeTitlePage ?? theme.IncludeTitlePage,
            IncludeCover = settings.IncludeCover ?? theme.IncludeCover,
            AboutAuthorPosition = settings.AboutAuthorPosition ?? theme.AboutAuthorPosition,
            ProvenanceNote = settings.ProvenanceNote ?? theme.ProvenanceNote,
            Print = settings.Print ?? theme.Print,
            TextWidth = settings.TextWidth ?? theme.TextWidth,
        };
    }
}
