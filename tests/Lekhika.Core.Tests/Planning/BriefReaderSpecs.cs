using System.Text.Json;
using Lekhika.Core.Planning;

namespace Lekhika.Core.Tests.Planning;

public sealed class BriefReaderSpecs
{
    [Fact]
    public void A_title_is_enough()
    {
        var reading = Read("""{"book_title": "  The Map  "}""");

        var brief = reading.Brief.ShouldNotBeNull();
        (brief.Title, brief.Subtitle, brief.Author, brief.Genre, brief.Audience, brief.Tone, brief.Style, brief.Language, brief.Premise)
            .ShouldBe(("The Map", null, "Anonymous", "fiction", "general", "warm", "narrative", "en", ""));
        (brief.ChapterCount, brief.WordCount).ShouldBe((8, 13_600));
        reading.Formats.ShouldBeEmpty();
        reading.Errors.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("""{"book_title":"T","author_name":"A","target_audience":"x","writing_style":"s","word_count":9000,"chapter_count":5,"output_formats":"pdf"}""")]
    [InlineData("""{"title":"T","author":"A","audience":"x","style":"s","wordCount":"9,000","chapterCount":"5","formats":["PDF"]}""")]
    [InlineData("""{"book_title":"","title":"T","author_name":null,"author":"A","target_audience":" ","audience":"x","writing_style":"","style":"s","word_count":"","wordCount":9000,"chapter_count":null,"chapterCount":5,"output_formats":[],"formats":"pdf"}""")]
    public void Both_spellings_are_read_and_an_empty_one_hides_nothing(string json)
    {
        var reading = Read(json);

        reading.Errors.ShouldBeEmpty();
        var brief = reading.Brief.ShouldNotBeNull();
        (brief.Title, brief.Author, brief.Audience, brief.Style, brief.WordCount, brief.ChapterCount).ShouldBe(("T", "A", "x", "s", 9_000, 5));
        reading.Formats.Select(format => format.Key).ShouldBe(["pdf"]);
    }

    [Fact]
    public void Premise_topic_and_instructions_are_the_idea_together() =>
        Read("""{"title":"T","custom_instructions":"Short.","topic":"Maps","premise":" A girl. "}""").Brief!.Premise.ShouldBe("A girl.\n\nMaps\n\nShort.");

    [Theory]
    [InlineData("20000", 20_000)]
    [InlineData("\"20000\"", 20_000)]
    [InlineData("\"12000-20000\"", 20_000)]
    [InlineData("\"12,000 - 20,000\"", 20_000)]
    [InlineData("\"12000–20000\"", 20_000)]
    [InlineData("\"100000+\"", 100_000)]
    [InlineData("\"100,000+\"", 100_000)]
    public void Words_are_a_number_or_a_range_of_which_the_upper_end_counts(string value, int words)
    {
        var reading = Read($$"""{"title":"T","chapter_count":20,"word_count":{{value}}}""");

        reading.Errors.ShouldBeEmpty();
        reading.Brief!.WordCount.ShouldBe(words);
    }

    [Theory]
    [InlineData("-5")]
    [InlineData("\"-5\"")]
    [InlineData("\"abc-7\"")]
    [InlineData("\"1-2-3\"")]
    [InlineData("\"5-\"")]
    [InlineData("\"9-3\"")]
    [InlineData("\"1,2\"")]
    [InlineData("\"+\"")]
    [InlineData("\",\"")]
    [InlineData("0")]
    [InlineData("101")]
    [InlineData("10000")]
    [InlineData("2.5")]
    [InlineData("1e1")]
    [InlineData("\"99999999999999999999\"")]
    [InlineData("\"seven\"")]
    [InlineData("\"٧\"")]
    [InlineData("true")]
    [InlineData("[1, 2]")]
    public void A_chapter_count_that_is_none_is_refused(string value)
    {
        var reading = Read($$"""{"title":"T","chapter_count":{{value}}}""");

        reading.Brief.ShouldBeNull();
        reading.Errors.Keys.ShouldBe(["chapter_count"]);
        reading.Errors["chapter_count"].ShouldHaveSingleItem().ShouldEndWith("is not a number from 1 to 100.");
    }

    [Theory]
    [InlineData(2_000, 3)]
    [InlineData(5_000, 4)]
    [InlineData(10_000, 6)]
    [InlineData(12_000, 8)]
    [InlineData(50_000, 20)]
    [InlineData(500_000, 100)]
    public void Without_a_chapter_count_the_words_give_one(int words, int chapters) =>
        Read($$"""{"title":"T","word_count":{{words}}}""").Brief.ShouldNotBeNull().ChapterCount.ShouldBe(chapters);

    [Theory]
    [InlineData(1, 99, false)]
    [InlineData(1, 100, true)]
    [InlineData(10, 999, false)]
    [InlineData(1, 10_000, true)]
    [InlineData(1, 10_001, false)]
    [InlineData(2, 20_002, false)]
    [InlineData(100, 500_000, true)]
    [InlineData(100, 500_001, false)]
    public void A_chapter_has_a_hundred_to_ten_thousand_words(int chapters, int words, bool accepted) =>
        (Read($$"""{"title":"T","chapter_count":{{chapters}},"word_count":{{words}}}""").Brief is not null).ShouldBe(accepted);

    [Theory]
    [InlineData("""["epub","PDF","epub"]""", "pdf,epub")]
    [InlineData("\"markdown, text,html\"", "html,md,txt")]
    [InlineData("\" docx \"", "docx")]
    [InlineData("\",,\"", "")]
    public void Formats_are_a_list_or_words_with_commas(string value, string formats) =>
        string.Join(',', Read($$"""{"title":"T","output_formats":{{value}}}""").Formats.Select(format => format.Key)).ShouldBe(formats);

    [Fact]
    public void An_unknown_format_is_told_with_those_that_can_be_made()
    {
        var reading = Read("""{"title":"T","output_formats":["pdf","mobi"]}""");

        reading.Brief.ShouldBeNull();
        reading.Formats.ShouldBeEmpty();
        reading.Errors["output_formats"].ShouldHaveSingleItem().ShouldBe("'mobi' cannot be made; the formats are pdf, docx, epub, html, md, txt, cover.");
    }

    [Theory]
    [InlineData("book_title", 300)]
    [InlineData("subtitle", 300)]
    [InlineData("author_name", 300)]
    [InlineData("genre", 300)]
    [InlineData("premise", 20_000)]
    [InlineData("anything_else", 20_000)]
    public void Lengths_have_a_limit(string field, int most)
    {
        Read(Form((field, new string('x', most)))).Errors.ShouldBeEmpty();
        Read(Form((field, new string('x', most + 1)))).Errors.Keys.ShouldBe([field]);
    }

    [Fact]
    public void A_form_has_at_most_a_hundred_values()
    {
        Read(Form([.. Enumerable.Range(1, 99).Select(n => ($"f{n}", "x"))])).Errors.ShouldBeEmpty();
        Read(Form([.. Enumerable.Range(1, 100).Select(n => ($"f{n}", "x"))])).Errors.Keys.ShouldContain("userInput");
    }

    [Theory]
    [InlineData("book_title", "a\nb")]
    [InlineData("author_name", "a\tb")]
    [InlineData("subtitle", "\u0085x\u0007y")]
    [InlineData("premise", "a\0b")]
    [InlineData("anything_else", "\0")]
    public void Control_characters_are_refused_where_they_would_do_harm(string field, string value) =>
        Read(Form((field, value))).Errors.Keys.ShouldBe([field]);

    [Fact]
    public void A_longer_text_keeps_its_lines() => Read(Form(("premise", "one\r\n\ttwo"))).Brief!.Premise.ShouldBe("one\r\n\ttwo");

    [Theory]
    [InlineData("""{"a": 1}""")]
    [InlineData("""[{"a": 1}]""")]
    [InlineData("[[1]]")]
    [InlineData("[null]")]
    [InlineData("\"\\ud800\"")]
    [InlineData("[\"\\udc00\"]")]
    public void What_is_no_value_is_refused_by_its_name(string value)
    {
        var reading = Read($$"""{"title":"T","extra":{{value}}}""");

        reading.Brief.ShouldBeNull();
        reading.Errors.Keys.ShouldBe(["extra"]);
    }

    [Fact]
    public void A_name_that_no_database_takes_is_refused()
    {
        Read("""{"title":"T","a\u0000b":"x"}""").Brief.ShouldBeNull();
        Read(Form((new string('n', 10_000), "x"))).Brief.ShouldBeNull();
    }

    [Fact]
    public void True_false_and_lists_of_them_are_values() =>
        Read("""{"title":"T","include_images":true,"flags":[true,false,1,"a"],"none":null}""").Brief.ShouldNotBeNull().Values
            .ShouldBe(new Dictionary<string, string> { ["title"] = "T", ["include_images"] = "true", ["flags"] = "true, false, 1, a", ["none"] = "" }, ignoreOrder: true);

    [Theory]
    [InlineData("pt-BR", true)]
    [InlineData("hi", true)]
    [InlineData("zh-Hant-TW", true)]
    [InlineData("-", false)]
    [InlineData("en-", false)]
    [InlineData("e", false)]
    [InlineData("en_US", false)]
    [InlineData("42", false)]
    [InlineData("en\\\"><x", false)]
    public void A_language_is_a_tag(string tag, bool accepted) => (Read($$"""{"title":"T","language":"{{tag}}"}""").Brief?.Language == tag).ShouldBe(accepted);

    [Fact]
    public void A_seed_that_is_sent_is_taken()
    {
        Read("""{"title":"T","seed":-12}""").Brief!.Seed.ShouldBe(-12);
        Read("""{"title":"T","seed":"9223372036854775807"}""").Brief!.Seed.ShouldBe(long.MaxValue);
        Read("""{"title":"T","seed":"9223372036854775808"}""").Errors.Keys.ShouldBe(["seed"]);
        Read("""{"title":"T","seed":1.5}""").Errors.Keys.ShouldBe(["seed"]);
    }

    [Fact]
    public void Without_one_the_seed_is_of_the_values_whatever_their_order()
    {
        var seed = Seed(("premise", "A"), ("tone", "b"));

        seed.ShouldBe(Seed(("tone", "b"), ("premise", "A")));
        seed.ShouldBe(Seed(("premise", "A"), ("tone", "b")));
        seed.ShouldBeGreaterThanOrEqualTo(0);
        long[] others = [Seed(("premise", "A")), Seed(("premise", "A"), ("tone", "c")), Seed(("premise", "A"), ("tone2", "b")), Seed(("premise", "A\ntone=b")), Seed(("premise", "a"), ("tone", "b")), Seed(("premise", "A"), ("tone", "b"), ("x", ""))];
        others.ShouldNotContain(seed);
        others.ShouldBeUnique();
        Seed(("a=b", "c")).ShouldNotBe(Seed(("a", "b=c")));
        Seed(("a", "b\\nc=d")).ShouldNotBe(Seed(("a", "b"), ("c", "d")));
    }

    /// <summary>A change of the rule would give every client another book for the same form.</summary>
    [Fact]
    public void The_seed_of_a_form_stays_the_same_from_version_to_version() => Seed(("premise", "A"), ("tone", "b")).ShouldBe(SeedOf2026);

    private const long SeedOf2026 = 203_828_239_949_922_979;

    [Fact]
    public void Nothing_that_is_sent_makes_the_reader_throw()
    {
        var random = new Random(5);
        string[] names = ["book_title", "title", "chapter_count", "chapterCount", "word_count", "wordCount", "output_formats", "formats", "seed", "language", "premise", "tone", "", "\\u0000", "\\ud800", "x"];
        for (var round = 0; round < 5_000; round++)
        {
            var used = names.Where(_ => random.Next(3) == 0).ToList();
            var json = "{" + string.Join(',', used.Select(name => $"\"{name}\":{Value(random, 0)}")) + "}";

            Dictionary<string, JsonElement> input;
            try
            {
                input = Json.Read<Dictionary<string, JsonElement>>(json);
            }
            catch (JsonException)
            {
                continue;
            }

            var reading = BriefReader.Read(input);

            (reading.Brief is null).ShouldBe(reading.Errors.Count > 0, json);
            if (reading.Brief is { } brief)
            {
                Json.Read<Brief>(Json.Write(brief)).ChapterCount.ShouldBeInRange(1, 100);
                (brief.WordCount / brief.ChapterCount).ShouldBeInRange(100, 10_000);
            }
        }
    }

    private static string Value(Random random, int depth) => random.Next(depth > 2 ? 8 : 10) switch
    {
        0 => "null",
        1 => random.Next(2) == 0 ? "true" : "false",
        2 => random.Next(-10, 30_000).ToString(),
        3 => "1e400",
        4 => "\"" + string.Concat(Enumerable.Range(0, random.Next(12)).Select(_ => "0123456789-+,–. \\ud800\\udc00\\u0000\\nपé".Split(' ')[random.Next(2)][random.Next(6)])) + "\"",
        5 => "\"\\u" + random.Next(0x10000).ToString("x4") + "\"",
        6 => $"\"{random.Next(50_000)}-{random.Next(50_000)}\"",
        7 => "\"pdf, epub\"",
        8 => "[" + string.Join(',', Enumerable.Range(0, random.Next(4)).Select(_ => Value(random, depth + 1))) + "]",
        _ => "{\"a\":" + Value(random, depth + 1) + "}",
    };

    private static long Seed(params (string Name, string Value)[] values) => Read(Form(values)).Brief.ShouldNotBeNull().Seed;

    private static string Form(params (string Name, string Value)[] values)
    {
        var form = values.ToDictionary(value => value.Name, value => value.Value);
        form.TryAdd("book_title", "T");
        return JsonSerializer.Serialize(form);
    }

    private static BriefReading Read(string json) => BriefReader.Read(Json.Read<Dictionary<string, JsonElement>>(json));
}
