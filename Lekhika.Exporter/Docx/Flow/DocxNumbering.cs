using DocumentFormat.OpenXml;
using Lekhika.Exporter.Docx.Styles;
using W = DocumentFormat.OpenXml.Wordprocessing;

namespace Lekhika.Exporter.Docx.Flow;

/// <summary>The document's lists: two kinds, and an instance for each ordered list, so that each counts from its own start.</summary>
internal sealed class DocxNumbering
{
    /// <summary>Word knows nine levels.</summary>
    public const int MaxLevel = 8;

    /// <summary>From one level to the next, in twips.</summary>
    public const int Step = 360;

    private const int Bullets = 1;
    private const int Numbers = 2;
    private readonly List<W.NumberingInstance> _instances = [new(new W.AbstractNumId { Val = Bullets }) { NumberID = Bullets }];

    /// <summary>The instance's number for a list whose items stand at <paramref name="level"/> (0 to 8).</summary>
    public int Instance(bool ordered, int start, int level)
    {
        if (!ordered)
        {
            return Bullets;
        }

        var id = _instances.Count + 1;
        _instances.Add(new(
            new W.AbstractNumId { Val = Numbers },
            new W.LevelOverride(new W.StartOverrideNumberingValue { Val = start }) { LevelIndex = level })
        { NumberID = id });
        return id;
    }

    /// <summary>How far the text of an item at <paramref name="level"/> is indented, in twips.</summary>
    public static int Indent(int level) => Step * (level + 1);

    public W.Numbering Definitions() => new(
    [
        Kind(Bullets, W.NumberFormatValues.Bullet, _ => "•"),
        Kind(Numbers, W.NumberFormatValues.Decimal, level => $"%{level + 1}."),
        .. _instances,
    ]);

    private static W.AbstractNum Kind(int id, W.NumberFormatValues format, Func<int, string> text) => new(
    [
        new W.MultiLevelType { Val = W.MultiLevelValues.HybridMultilevel },
        .. Enumerable.Range(0, MaxLevel + 1).Select(OpenXmlElement (level) => new W.Level(
            new W.StartNumberingValue { Val = 1 },
            new W.NumberingFormat { Val = format },
            new W.LevelText { Val = text(level) },
            new W.LevelJustification { Val = W.LevelJustificationValues.Left },
            new W.PreviousParagraphProperties { Indentation = new() { Left = DocxStyles.Twips(Indent(level)), Hanging = DocxStyles.Twips(Step) } }) { LevelIndex = level }),
    ])
    {
        AbstractNumberId = id,
    };
}
