using System.Text.Json.Nodes;
using Lekhika.Core;
using Lekhika.Core.Exports;
using Lekhika.Core.Manuscripts;
using Lekhika.Exporter.Docx;
using Lekhika.Exporter.Epub;
using Lekhika.Exporter.Rendering;
using Lekhika.Exporter.Tests.Pdf;

namespace Lekhika.Exporter.Tests.Renderers;

/// <summary>
/// The table "What shows where" of docs/settings.md, both ways: a setting changes the files of which it says so, and not a byte of the others.
/// What the change looks like is told by the specs that the table names.
/// </summary>
public sealed class SettingEffectSpecs(Workshop workshop) : IClassFixture<Workshop>
{
    private const string Nothing = "—";

    /// <summary>What both have: something that can be moved.</summary>
    private const string Usual = """{"backMatter": [{"kind": "aboutTheAuthor", "text": "She lives by the sea."}]}""";

    /// <summary>Something that can be divided.</summary>
    private static readonly Paragraph LongWords = new([new Core.Manuscripts.Text(string.Join(' ', Enumerable.Repeat("Internationalisation incomprehensibility and", 20)))]);

    private static readonly ExportFormat[] Formats = [ExportFormat.Pdf, ExportFormat.Docx, ExportFormat.Epub, ExportFormat.Html, ExportFormat.Markdown, ExportFormat.Txt];

    /// <summary>A value of each setting that is not the default.</summary>
    private static readonly Dictionary<string, string> Others = new(StringComparer.Ordinal)
    {
        ["theme"] = "\"nightwood\"",
        ["pageSize"] = "\"A5\"",
        ["pageMargins"] = "\"wide\"",
        ["bodyFont"] = "\"Lato\"",
        ["headingFont"] = "\"Lora\"",
        ["bodyFontSize"] = "13",
        ["headingScale"] = "\"large\"",
        ["lineHeight"] = "1.9",
        ["paragraphSpacing"] = "7",
        ["alignment"] = "\"start\"",
        ["colours"] = "\"sepia\"",
        ["accentColour"] = "\"#aa3300\"",
        ["dropCaps"] = "false",
        ["smallCapsLeadIn"] = "false",
        ["hyphenate"] = "false",
        ["sceneOrnament"] = "\"❦\"",
        ["chapterOpening"] = "\"continuous\"",
        ["chapterLabel"] = "\"none\"",
        ["runningHeads"] = "false",
        ["folios"] = "false",
        ["includeContents"] = "false",
        ["includeTitlePage"] = "false",
        ["includeCover"] = "false",
        ["aboutAuthorPosition"] = "\"none\"",
        ["print"] = "{\"bleed\": 3, \"cropMarks\": true}",
        ["textWidth"] = "60",
        ["frontMatter"] = "[{\"kind\": \"preface\", \"text\": \"Before all.\"}]",
        ["backMatter"] = "[{\"kind\": \"afterword\", \"text\": \"After all.\"}]",
        ["parts"] = "[{\"firstChapter\": 2, \"title\": \"The Sea\"}]",
        ["edition"] = "{\"publisher\": \"Another Press\"}",
    };

    private static readonly Lazy<Dictionary<string, string[]>> Table = new(Read);

    public static TheoryData<string> Settings => [.. Others.Keys];

    [Fact]
    public void Every_setting_has_its_row()
    {
        // The note on the making is added where a book's manifest is known: Jobs/PictureJobSpecs.cs.
        var names = typeof(ExportSettings).GetProperties().Select(property => System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(property.Name)).ToList();

        Table.Value.Keys.ShouldBe(names, ignoreOrder: true);
        Others.Keys.Append("provenanceNote").ShouldBe(names, ignoreOrder: true);
    }

    [Theory]
    [MemberData(nameof(Settings))]
    public async Task A_setting_changes_the_files_of_which_the_page_says_so_and_no_other(string setting)
    {
        var changed = JsonNode.Parse(Usual)!.AsObject();
        changed[setting] = JsonNode.Parse(Others[setting]);
        var cells = Table.Value[setting];
        List<string> wrong = [];
        foreach (var (format, cell) in Formats.Zip(cells))
        {
            var (usual, other) = (await File(format, Usual), await File(format, changed.ToJsonString()));
            var changes = !usual.AsSpan().SequenceEqual(other);
            if (changes == (cell == Nothing))
            {
                wrong.Add($"{format}: it {(changes ? "changes" : "does not change")} the file, and the page says \"{cell}\"");
            }
        }

        wrong.ShouldBeEmpty(setting);
    }

    private async Task<byte[]> File(ExportFormat format, string json)
    {
        var settings = Json.Read<ExportSettings>(json);
        var whole = Sampler.Whole();
        var book = BookMatter.Apply(whole with { CoverImage = "map", Chapters = [.. whole.Chapters, new Chapter(5, "Long Words", [LongWords], 1)] }, settings);
        var order = Books.Order(book, settings);
        if (format == ExportFormat.Docx)
        {
            return (await new DocxRenderer().RenderAsync(order, default)).Content;
        }

        // An EPUB's typefaces and painted covers have specs of their own.
        return format == ExportFormat.Epub ? (await new EpubRenderer().RenderAsync(order, default)).Content : (await workshop.Render(format, order)).Content;
    }

    private static Dictionary<string, string[]> Read()
    {
        var page = System.IO.File.ReadAllText(Path.Combine(Workshop.ExporterFolder, "..", "docs", "settings.md"));
        return page.Split("## What shows where")[1].Split("\n## ")[0].Split('\n')
            .Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries)[1..^1])
            .SelectMany(cells => cells[0].Split(", ").Select(name => (Name: name.Trim('`'), Cells: cells[1..7])))
            .ToDictionary(row => row.Name, row => row.Cells, StringComparer.Ordinal);
    }
}
