namespace Lekhika.Core.Exports;

/// <summary>A design with a name: what a book looks like when nothing else is said.</summary>
/// <param name="Id">As clients name it.</param>
/// <param name="Name">For people.</param>
/// <param name="Description">What it is good for, in a sentence.</param>
/// <param name="Design">All of its settings.</param>
public sealed record Theme(string Id, string Name, string Description, BookDesign Design)
{
    /// <summary>What a book has for which nothing is asked.</summary>
    public static Theme Default { get; } = new("trade-paperback", "Trade Paperback", "Novels and stories: a classic page that nobody notices while reading.", new());

    /// <summary>The ten themes that come with Lekhika, after the ten templates of the original; the default first.</summary>
    public static IReadOnlyList<Theme> All { get; } =
    [
        Default,
        new("lamplight", "Lamplight", "Literary fiction: a larger page with air between its lines.", new()
        {
            PageSize = Size("A5"), BodyFont = "Crimson Pro", HeadingFont = "Cormorant Garamond", BodyFontSize = 11.5, LineHeight = 1.42, SceneOrnament = "❦", ChapterLabel = ChapterLabel.Number,
        }),
        new("nightwood", "Nightwood", "Fantasy and science fiction: dark on a screen, dramatic titles.", new()
        {
            PageSize = Size("A5"), BodyFont = "Crimson Pro", HeadingFont = "Playfair Display", BodyFontSize = 11, HeadingScale = HeadingScale.Large, Colours = ColourScheme.Dark, AccentColour = "#7c5cbf", SceneOrnament = "✦",
        }),
        new("stanza", "Stanza", "Poetry: wide margins, white space, every poem on a page of its own.", new()
        {
            PageSize = Size("6x9"), PageMargins = PageMargins.Wide, BodyFont = "Cormorant Garamond", HeadingFont = "Cormorant Garamond", BodyFontSize = 12.5, LineHeight = 1.6, Alignment = TextAlignment.Start,
            DropCaps = false, SmallCapsLeadIn = false, Hyphenate = false, ChapterLabel = ChapterLabel.None, ChapterOpening = ChapterOpening.NextPage, SceneOrnament = "", RunningHeads = false,
        }),
        new("kite", "Kite", "Books for children: large letters, bright titles, a big page.", new()
        {
            PageSize = Size("8x10"), BodyFont = "Nunito", HeadingFont = "Nunito", BodyFontSize = 14, LineHeight = 1.55, ParagraphSpacing = 8, Alignment = TextAlignment.Start, AccentColour = "#d9480f",
            DropCaps = false, SmallCapsLeadIn = false, Hyphenate = false, HeadingScale = HeadingScale.Large, ChapterOpening = ChapterOpening.NextPage, SceneOrnament = "★ ★ ★", RunningHeads = false,
        }),
        new("compass", "Compass", "Guides and self-help: friendly, easy to find one's way in.", new()
        {
            PageSize = Size("6x9"), BodyFont = "Lora", HeadingFont = "Lato", BodyFontSize = 10.5, LineHeight = 1.5, ParagraphSpacing = 5, Alignment = TextAlignment.Start, AccentColour = "#0f766e", DropCaps = false, SmallCapsLeadIn = false,
            ChapterOpening = ChapterOpening.NextPage, SceneOrnament = "• • •",
        }),
        new("ledger", "Ledger", "Business books: sober, modern, quick to read across.", new()
        {
            PageSize = Size("A4"), BodyFont = "Source Sans 3", HeadingFont = "Montserrat", BodyFontSize = 11, LineHeight = 1.5, ParagraphSpacing = 6, Alignment = TextAlignment.Start, AccentColour = "#1a365d",
            DropCaps = false, SmallCapsLeadIn = false, ChapterOpening = ChapterOpening.NextPage, ChapterLabel = ChapterLabel.Number, SceneOrnament = "",
        }),
        new("boardroom", "Boardroom", "Reports: headings that lead, tables that hold.", new()
        {
            PageSize = Size("A4"), BodyFont = "Source Serif 4", HeadingFont = "Inter", BodyFontSize = 10.5, LineHeight = 1.45, ParagraphSpacing = 6, AccentColour = "#1e40af",
            DropCaps = false, SmallCapsLeadIn = false, ChapterOpening = ChapterOpening.NextPage, ChapterLabel = ChapterLabel.Number, SceneOrnament = "—",
        }),
        new("lectern", "Lectern", "Academic and technical books: wide margins, notes, code and tables.", new()
        {
            PageSize = Size("Letter"), PageMargins = PageMargins.Wide, BodyFont = "Source Serif 4", HeadingFont = "Source Serif 4", BodyFontSize = 11, LineHeight = 1.45, HeadingScale = HeadingScale.Small,
            DropCaps = false, SmallCapsLeadIn = false, SceneOrnament = "* * *",
        }),
        new("snowfield", "Snowfield", "Essays and notebooks: as little as possible on the page.", new()
        {
            PageSize = Size("A5"), PageMargins = PageMargins.Wide, BodyFont = "Inter", HeadingFont = "Inter", BodyFontSize = 9.5, LineHeight = 1.65, ParagraphSpacing = 6, Alignment = TextAlignment.Start, HeadingScale = HeadingScale.Small,
            DropCaps = false, SmallCapsLeadIn = false, ChapterOpening = ChapterOpening.NextPage, ChapterLabel = ChapterLabel.None, SceneOrnament = "", RunningHeads = false,
        }),
    ];

    /// <summary>The theme of that id, in any case; null when there is none or none is named.</summary>
    public static Theme? Find(string? id) => id is null ? null : All.FirstOrDefault(theme => theme.Id.Equals(id.Trim(), StringComparison.OrdinalIgnoreCase));

    /// <summary>What is told of an id that is nobody's, somebody else's or a removed theme's.</summary>
    public const string NotThere = "You have no theme with this id. GET /v1/themes names those there are.";

    /// <summary>The id of a user's own theme that the text is; null when it cannot be one.</summary>
    public static Guid? OwnId(string? id) => Guid.TryParseExact(id?.Trim(), "D", out var own) ? own : null;

    private static PageSize Size(string name) => PageSize.Find(name)!;
}
