namespace Lekhika.Exporter.Docx.Flow;

/// <summary>How Word treats letters: with which fonts, sizes and marks of its run properties, and in which direction.</summary>
internal enum DocxScript
{
    /// <summary>Latin, Greek, Cyrillic, and the letters of East Asia, which Word tells apart by itself.</summary>
    Simple,

    /// <summary>Letters that join or stack, from left to right: the scripts of India and of South-East Asia.</summary>
    Complex,

    /// <summary>Letters from right to left: Hebrew, Arabic and their kin.</summary>
    RightToLeft,
}

/// <summary>Parts a text into runs of one script.</summary>
internal static class DocxScripts
{
    /// <summary>The script in which a language is written, as far as Word tells scripts apart.</summary>
    public static DocxScript Of(Rendering.LanguageTag language) => language switch
    {
        { IsRightToLeft: true } => DocxScript.RightToLeft,
        { Script: "Latn" or "Cyrl" } => DocxScript.Simple,
        {
            Primary: "as" or "bn" or "bo" or "brx" or "doi" or "dz" or "gu" or "hi" or "kn" or "km" or "kok" or "lo" or "mai" or "ml" or "mni" or "mr" or "my"
            or "ne" or "or" or "pa" or "sa" or "sat" or "si" or "ta" or "te" or "th"
        } => DocxScript.Complex,
        _ => DocxScript.Simple,
    };

    /// <summary>The text in runs; spaces, digits and signs between two scripts are of the script <paramref name="around"/> them.</summary>
    public static IReadOnlyList<(string Text, DocxScript Script)> Runs(string text, DocxScript around)
    {
        // Most text of most books is of one script, and known to be so at a glance.
        if (around == DocxScript.Simple && !text.AsSpan().ContainsAnyExceptInRange('\0', '\u058F'))
        {
            return [(text, DocxScript.Simple)];
        }

        return Parted(text, around);
    }

    private static List<(string Text, DocxScript Script)> Parted(string text, DocxScript around)
    {
        var runs = new List<(string, DocxScript)>();
        var (start, end, script) = (0, 0, around); // The run that began at start, and the end of its last letter.
        for (var at = 0; at < text.Length; at += char.IsSurrogatePair(text, at) ? 2 : 1)
        {
            if (Of(text, at) is not { } own)
            {
                continue;
            }

            if (own != script)
            {
                Add(script == around ? at : end);
                if (own != around)
                {
                    script = around;
                    Add(at);
                }

                script = own;
            }

            end = at + (char.IsSurrogatePair(text, at) ? 2 : 1);
        }

        Add(script == around ? text.Length : end);
        script = around;
        Add(text.Length);
        return runs;

        void Add(int until)
        {
            if (until > start)
            {
                runs.Add((text[start..until], script));
                start = until;
            }
        }
    }

    /// <summary>The script of a letter; null for what has none of its own.</summary>
    private static DocxScript? Of(string text, int at) => char.ConvertToUtf32(text, at) switch
    {
        >= 0x0590 and <= 0x08FF or >= 0xFB1D and <= 0xFDFF or >= 0xFE70 and <= 0xFEFC or >= 0x10800 and <= 0x10FFF or >= 0x1E800 and <= 0x1EFFF => DocxScript.RightToLeft,
        >= 0x0900 and <= 0x109F or >= 0x1780 and <= 0x17FF or >= 0x1CD0 and <= 0x1CFF or >= 0xA8E0 and <= 0xA8FF or >= 0x11000 and <= 0x11FFF => DocxScript.Complex,
        var letter => char.IsLetter(text, at) || letter >= 0x2E80 && letter < 0xE000 ? DocxScript.Simple : null,
    };
}
