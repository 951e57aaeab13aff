using System.Text;

namespace Lekhika.Worker.Ai.Simulation;

/// <summary>
/// Words in no order that means anything, in sentences and paragraphs: to storage, which compresses texts, and to whoever counts words
/// it is like prose, which one sentence repeated would not be. The same every time.
/// </summary>
internal static class FillerProse
{
    private const int Seed = 8_192;
    private const int SentencesPerParagraph = 5;

    private static readonly string[] Words = """
        a about above across after again against air all almost alone along already always and another answer any arm around as ask at away back bag be became
        because been before began behind below beside better between bird black blue board boat body book both bread break bridge bright bring brother brown but by
        call came candle care carry change child city clear close cloud coat cold colour come could count country cross cut dark daughter day deep did distance do
        door down draw dream dry each early earth east edge else empty end enough even evening ever every eye face fall far father fear feel few field find fire
        first floor follow for forest forget found friend from front full garden gate gave get girl give glass go gold good grass great green ground grow hair half
        hand hard have he head hear heart heavy her here high hill his hold hope horse hour house how hundred if in into iron island it journey keep kept key kind
        king knew know lake lamp land language last late laugh leaf leave left less letter light like line listen little long look lost love low made make man many
        map market matter mean memory mile mind money moon more morning mother mountain mouth move much music must my name near never new next night no noise north
        nothing now number of often old on once one only open or other our out over own page paper part pass past path people perhaps place plain plan play point
        poor promise pull question quick quiet rain reach read ready red remember rest return rich ride right ring rise river road roof room root round run said
        sail salt same sand say sea season second secret see seem send serve set seven shadow shape she ship shop short should show side silence silver sing sister
        sit sky sleep slow small smoke snow so some son song soon sound south speak spring stand star start stay step still stone stood stop story strange street
        strong such summer sun table take talk tell ten than that the their them then there they thing think this those though thought three through time to today
        together told tomorrow too took top toward tower town travel tree true turn two under until up upon us use very village voice wait walk wall want war warm
        was watch water way we week well went were west what when where which while white who whole why wide will wind window winter wish with without woman wood
        word work world would write year yellow yes yet you young
        """.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

    /// <summary>A text of exactly so many ASCII characters, without white space at its ends.</summary>
    public static string Of(int length)
    {
        var dice = new Random(Seed);
        var text = new StringBuilder();
        for (var sentence = 1; text.Length < length; sentence++)
        {
            var words = Enumerable.Range(0, dice.Next(5, 16)).Select(_ => Words[dice.Next(Words.Length)]).ToArray();
            text.Append(char.ToUpperInvariant(words[0][0])).Append(words[0].AsSpan(1)).Append(' ').AppendJoin(' ', words.Skip(1)).Append('.');
            text.Append(sentence % SentencesPerParagraph == 0 ? "\n\n" : " ");
        }

        return text.ToString(0, length - 1).TrimEnd().PadRight(length, '.');
    }
}
