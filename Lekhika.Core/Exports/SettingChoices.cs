namespace Lekhika.Core.Exports;

/// <summary>How wide the margins of a page are.</summary>
public enum PageMargins
{
    /// <summary>As little as a printer takes.</summary>
    Narrow,

    /// <summary>As books have them.</summary>
    Normal,

    /// <summary>With room for notes.</summary>
    Wide,
}

/// <summary>How large headings are beside the text.</summary>
public enum HeadingScale
{
    /// <summary>0.8 of normal.</summary>
    Small,

    /// <summary>As the theme has them.</summary>
    Normal,

    /// <summary>1.25 of normal.</summary>
    Large,
}

/// <summary>How lines of text are aligned.</summary>
public enum TextAlignment
{
    /// <summary>To both edges.</summary>
    Justified,

    /// <summary>To the edge at which lines begin.</summary>
    Start,

    /// <summary>In the middle.</summary>
    Centred,
}

/// <summary>The colours of page and text.</summary>
public enum ColourScheme
{
    /// <summary>Black on white.</summary>
    Classic,

    /// <summary>Brown on cream.</summary>
    Sepia,

    /// <summary>Light on dark; a printed PDF stays black on white.</summary>
    Dark,
}

/// <summary>Where chapters begin.</summary>
public enum ChapterOpening
{
    /// <summary>On the right-hand page (recto); the page before it may stay blank.</summary>
    Recto,

    /// <summary>On the next page.</summary>
    NextPage,

    /// <summary>Below the end of the chapter before.</summary>
    Continuous,
}

/// <summary>What stands above a chapter's title.</summary>
public enum ChapterLabel
{
    /// <summary>"Chapter 3" in the book's language.</summary>
    Full,

    /// <summary>The number alone.</summary>
    Number,

    /// <summary>Nothing.</summary>
    None,
}

/// <summary>Where the section about the author stands.</summary>
public enum AboutAuthorPosition
{
    /// <summary>Before the chapters.</summary>
    Front,

    /// <summary>Behind the chapters.</summary>
    Back,

    /// <summary>Nowhere, even where its text is given.</summary>
    None,
}

/// <summary>A paper by what its thickness makes of the spine.</summary>
public enum Paper
{
    /// <summary>0.0572 mm a page (0.002252 in), as Amazon KDP gives for white paper.</summary>
    White,

    /// <summary>0.0635 mm a page (0.0025 in), as Amazon KDP gives for cream paper.</summary>
    Cream,

    /// <summary>0.0596 mm a page (0.002347 in), as Amazon KDP gives for colour paper.</summary>
    Colour,
}
