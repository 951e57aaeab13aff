using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Lekhika.Core.Exports;
using Lekhika.Core.Manuscripts;
using Lekhika.Exporter.Rendering;

namespace Lekhika.Exporter.Tests.Wording;

public sealed partial class BookWordingSpecs
{
    /// <summary>Words that other languages of Latin letters write as English does: nothing else may be left in English.</summary>
    private static readonly HashSet<string> Shared = new(StringComparer.Ordinal)
    {
        "fr colophon", "fr pages", "fr pageFormat", "fr notes", "fr noteFormat", "fr figureFormat", "fr illustration",
        "fr matterTitles.introduction", "fr matterTitles.index", "fr calloutTitles.note", "fr provenance.versionFormat",
        "de headingFormat", "de illustration", "es headingFormat", "it headingFormat", "it colophon", "pt headingFormat",
        "el headingFormat", "hi headingFormat", "bn headingFormat", "ta headingFormat", "ar headingFormat", "he headingFormat",
    };

    public static TheoryData<string> Languages => [.. BookWording.Languages];

    [Fact]
    public void Languages_of_the_house_all_have_words()
    {
        string[] promised = ["en", "es", "fr", "de", "hi", "bn", "ta", "ar", "he", "zh", "zh-Hant", "ja", "ko", "ru", "el", "pt", "it"];

        BookWording.Languages.ShouldBe(promised, ignoreOrder: true);
        promised.ShouldAllBe(tag => BookWording.For(tag).Language == tag);
    }

    [Theory]
    [MemberData(nameof(Languages))]
    public void Every_language_has_every_word_and_no_other(string language)
    {
        var words = Words(language);

        words.Keys.ShouldBe(Words("en").Keys, ignoreOrder: true);
        words.ShouldAllBe(word => word.Value.Length > 0 && (word.Value.Trim() == word.Value || word.Key.StartsWith("quotes.", StringComparison.Ordinal)));
        foreach (var kind in Enum.GetValues<MatterKind>())
        {
            BookWording.For(language).MatterTitle(kind).ShouldNotBeEmpty();
        }

        foreach (var kind in Enum.GetValues<CalloutKind>())
        {
            BookWording.For(language).CalloutTitle(kind).ShouldNotBeEmpty();
        }
    }

    [Theory]
    [MemberData(nameof(Languages))]
    public void Places_for_values_stand_where_English_has_them(string language)
    {
        var words = Words(language);

        foreach (var (key, english) in Words("en"))
        {
            Places(words[key]).ShouldBe(Places(english), $"{language} {key}");
        }
    }

    [Theory]
    [MemberData(nameof(Languages))]
    public void No_English_is_left_in_another_language(string language)
    {
        if (language == "en")
        {
            return;
        }

        var english = Words("en");
        var left = Words(language)
            .Where(word => !word.Key.StartsWith("quotes.", StringComparison.Ordinal) && word.Value == english[word.Key])
            .Select(word => $"{language} {word.Key}");

        left.ShouldBeSubsetOf(Shared);
    }

    [Theory]
    [InlineData("hi", "Devanagari")]
    [InlineData("bn", "Bengali")]
    [InlineData("ta", "Tamil")]
    [InlineData("ar", "Arabic")]
    [InlineData("he", "Hebrew")]
    [InlineData("zh", "CJKUnifiedIdeographs")]
    [InlineData("zh-Hant", "CJKUnifiedIdeographs")]
    [InlineData("ru", "Cyrillic")]
    [InlineData("el", "Greek")]
    [InlineData("ko", "HangulSyllables")]
    public void Words_are_in_the_language_s_own_script(string language, string script)
    {
        var own = new Regex($@"^\p{{Is{(script == "Greek" ? "GreekandCoptic" : script)}}}+$", RegexOptions.None, TimeSpan.FromSeconds(1));

        foreach (var (key, words) in Words(language))
        {
            var letters = string.Concat(Letters().Matches(words.Replace("ISBN", "", StringComparison.Ordinal).Replace("SHA", "", StringComparison.Ordinal).Replace("Typst", "", StringComparison.Ordinal)).Select(match => match.Value));
            (letters.Length == 0 || own.IsMatch(letters)).ShouldBeTrue($"{language} {key}: {words}");
        }
    }

    [Theory]
    [InlineData("zh", "zh-Hant", "目录", "目錄")]
    [InlineData("zh-TW", "zh-CN", "目錄", "目录")]
    [InlineData("zh-Hans-HK", "zh-HK", "目录", "目錄")]
    [InlineData("yue-Hans", "yue", "目录", "目錄")]
    public void Chinese_is_told_apart_by_script_then_region(string one, string other, string ofOne, string ofOther)
    {
        BookWording.For(one).Contents.ShouldBe(ofOne);
        BookWording.For(other).Contents.ShouldBe(ofOther);
    }

    [Theory]
    [InlineData("en", "Chapter 3", "Chapter 3: Rain", "Part Two", "Part 12")]
    [InlineData("de-AT", "Kapitel 3", "Kapitel 3: Rain", "Zweiter Teil", "Teil 12")]
    [InlineData("fr", "Chapitre 3", "Chapitre 3\u00a0: Rain", "Deuxième partie", "Partie 12")]
    [InlineData("ru", "Глава 3", "Глава 3. Rain", "Часть вторая", "Часть 12")]
    [InlineData("ar", "الفصل 3", "الفصل 3: Rain", "الجزء الثاني", "الجزء 12")]
    [InlineData("zh-CN", "第3章", "第3章\u3000Rain", "第二部", "第12部")]
    [InlineData("ja", "第3章", "第3章\u3000Rain", "第二部", "第12部")]
    [InlineData("ko", "제3장", "제3장 Rain", "제2부", "제12부")]
    public void Labels_have_the_language_s_own_form(string language, string label, string heading, string second, string twelfth)
    {
        var wording = BookWording.For(language);
        var chapter = new Chapter(3, "Rain", [], 1);

        wording.Label(chapter).ShouldBe(label);
        wording.Heading(chapter).ShouldBe(heading);
        wording.Heading(chapter with { Title = "" }).ShouldBe(label);
        wording.Label(new Part(2, "", 1), parts: 3).ShouldBe(second);
        wording.Label(new Part(12, "", 1), parts: 12).ShouldBe(twelfth);
    }

    [Theory]
    [MemberData(nameof(Languages))]
    public void First_parts_are_ten_different_ones(string language) =>
        Enumerable.Range(1, 10).Select(number => BookWording.For(language).Label(new Part(number, "", 1), parts: 10)).Distinct(StringComparer.Ordinal).Count().ShouldBe(10);

    [Fact]
    public void Book_of_many_parts_counts_all_of_them_in_digits()
    {
        var wording = BookWording.For("en");

        wording.Label(new Part(1, "", 1), parts: 10).ShouldBe("Part One");
        wording.Label(new Part(1, "", 1), parts: 11).ShouldBe("Part 1");
        wording.Heading(new Part(1, "The Sea", 1), parts: 2).ShouldBe("Part One: The Sea");
    }

    [Fact]
    public void Label_of_a_chapter_follows_the_setting()
    {
        var chapter = new Chapter(3, "Rain", [], 1);

        BookWording.For("ja").Label(chapter, ChapterLabel.Full).ShouldBe("第3章");
        BookWording.For("ja").Label(chapter, ChapterLabel.Number).ShouldBe("3");
        BookWording.For("ja").Label(chapter, ChapterLabel.None).ShouldBeEmpty();
    }

    [Fact]
    public void Section_without_a_title_has_its_kind_s_word()
    {
        BookWording.For("de").Title(new Matter(MatterKind.Foreword, "", [])).ShouldBe("Geleitwort");
        BookWording.For("de").Title(new Matter(MatterKind.Foreword, "Zum Geleit", [])).ShouldBe("Zum Geleit");
    }

    [Theory]
    [InlineData("ar", true)]
    [InlineData("AR-EG", true)]
    [InlineData("he", true)]
    [InlineData("iw", true)]
    [InlineData("fa", true)]
    [InlineData("ur-PK", true)]
    [InlineData("az-Arab", true)]
    [InlineData("ks-Deva", false)]
    [InlineData("ar-Latn", false)]
    [InlineData("en-x-arab", false)]
    [InlineData("ja", false)]
    [InlineData("und", false)]
    public void Direction_is_the_script_s_or_else_the_language_s(string language, bool rightToLeft) => BookWording.For(language).IsRightToLeft.ShouldBe(rightToLeft);

    [Theory]
    [InlineData("ur")]
    [InlineData("nl")]
    [InlineData("und")]
    [InlineData("")]
    public void Language_without_words_has_English_ones_and_says_so(string language)
    {
        var wording = BookWording.For(language);

        wording.Language.ShouldBe("en");
        wording.Contents.ShouldBe("Contents");
    }

    [Fact]
    public void Values_are_filled_in_as_they_are()
    {
        var wording = BookWording.For("en");

        wording.By("{0} & Sons").ShouldBe("by {0} & Sons");
        wording.SetIn("Lora").ShouldBe("Set in Lora with Typst.");
        wording.Page("xii").ShouldBe("Page xii");
        wording.Figure(2).ShouldBe("Figure 2");
        wording.PrintIsbn("978-0-306-40615-7").ShouldBe("ISBN 978-0-306-40615-7 (print)");
        BookWording.For("zh").By("王小波").ShouldBe("王小波 著");
    }

    private static string Places(string words) => string.Join(' ', Place().Matches(words).Select(match => match.Value).Order(StringComparer.Ordinal));

    private static Dictionary<string, string> Words(string language)
    {
        using var file = JsonDocument.Parse(EmbeddedText.Read($"Rendering.Wording.{language}.json"));
        return Leaves(file.RootElement, "").ToDictionary(leaf => leaf.Key, leaf => leaf.Value, StringComparer.Ordinal);
    }

    private static IEnumerable<(string Key, string Value)> Leaves(JsonElement element, string key) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(member => Leaves(member.Value, key.Length == 0 ? member.Name : $"{key}.{member.Name}")),
        JsonValueKind.Array => element.EnumerateArray().SelectMany((item, at) => Leaves(item, string.Create(CultureInfo.InvariantCulture, $"{key}.{at}"))),
        _ => [(key, element.GetString()!)],
    };

    [GeneratedRegex(@"\{\d\}", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Place();

    [GeneratedRegex(@"\p{L}+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Letters();
}
