using System.Buffers.Binary;
using System.Text;

namespace Lekhika.Exporter.Tests.Epub;

/// <summary>A TrueType file as the OpenType specification has it: which characters it knows (cmap), and what it is called (name).</summary>
internal sealed class FontFile(byte[] content)
{
    public IReadOnlyCollection<int> Characters => [.. new SortedSet<int>(Subtables().SelectMany(at => U16(at) switch { 4 => Format4(at), 12 => Format12(at), var format => throw new InvalidDataException($"cmap format {format}") }))];

    /// <summary>The Windows name of an id: 1 family, 4 full name, 6 PostScript, 13 licence.</summary>
    public string? Name(int id)
    {
        var table = Table("name");
        return Enumerable.Range(0, U16(table + 2)).Select(i => table + 6 + (i * 12)).Where(at => U16(at) == 3 && U16(at + 6) == id)
            .Select(at => Encoding.BigEndianUnicode.GetString(content, table + U16(table + 4) + U16(at + 10), U16(at + 8))).SingleOrDefault();
    }

    /// <summary>The sum of all words of the file, which a whole file makes this very number.</summary>
    public uint CheckSum => Enumerable.Range(0, content.Length / 4).Aggregate(0U, (sum, i) => unchecked(sum + U32(i * 4)));

    private IEnumerable<int> Subtables()
    {
        var cmap = Table("cmap");
        return Enumerable.Range(0, U16(cmap + 2)).Select(i => cmap + (int)U32(cmap + 4 + (i * 8) + 4)).Distinct().Where(at => U16(at) != 14);
    }

    private IEnumerable<int> Format4(int at)
    {
        var segments = U16(at + 6) / 2;
        return from i in Enumerable.Range(0, segments)
               let end = U16(at + 14 + (i * 2))
               let start = U16(at + 16 + (segments * 2) + (i * 2))
               from character in Enumerable.Range(start, end - start + 1)
               where character != 0xFFFF
               select character;
    }

    private IEnumerable<int> Format12(int at) =>
        from i in Enumerable.Range(0, (int)U32(at + 12))
        let first = (int)U32(at + 16 + (i * 12))
        from character in Enumerable.Range(first, (int)U32(at + 20 + (i * 12)) - first + 1)
        select character;

    private int Table(string tag) => Enumerable.Range(0, U16(4)).Select(i => 12 + (i * 16)).Where(at => Encoding.ASCII.GetString(content, at, 4) == tag).Select(at => (int)U32(at + 8)).Single();

    private ushort U16(int at) => BinaryPrimitives.ReadUInt16BigEndian(content.AsSpan(at));

    private uint U32(int at) => BinaryPrimitives.ReadUInt32BigEndian(content.AsSpan(at));
}
