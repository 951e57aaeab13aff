using Lekhika.Worker.Ai.Offline;
namespace Lekhika.Worker.Tests.Offline;
public sealed class Dump
{
    [Fact]
    public void Dump_books()
    {
        Directory.CreateDirectory("/tmp/books");
        foreach (var (g, n, w, s) in new[] { ("fantasy", 12, 20000, 7L), ("fantasy", 24, 50000, 3L), ("mystery", 12, 20000, 5L), ("scifi", 7, 9000, 9L), ("romance", 12, 20000, 2L), ("fiction", 60, 60000, 4L), ("business", 5, 6000, 8L), ("fantasy", 1, 300, 1L), ("fantasy", 2, 12000, 1L) })
        {
            var clock = System.Diagnostics.Stopwatch.StartNew();
            var b = WrittenBook.Of(WrittenBook.A(g, n, w, s, premise: g == "fantasy" ? WrittenBook.Premise : ""));
            using var f = new StreamWriter($"/tmp/books/{g}-{n}-{s}.md");
            f.WriteLine($"{clock.ElapsedMilliseconds} ms\n{b.Requirements}\n{string.Join(" / ", b.Requirements.Themes)} / {b.Requirements.Setting}\n\n{b.Bible.Synopsis}\n{string.Join("\n", b.Bible.People)}\n{string.Join("\n", b.Bible.Places)}\n{string.Join("\n", b.Bible.Timeline)}\n{string.Join("\n", b.Bible.Threads)}\n");
            foreach (var c in b.Outline.Chapters)
            {
                f.WriteLine($"{c.Number}. {c.Title} ({c.TargetWords}) — {c.Purpose}\n  {string.Join(", ", c.People)} @ {string.Join(", ", c.Places)}\n  - {string.Join("\n  - ", c.Beats)}\n  IN {c.EntryState}\n  OUT {c.ExitState}");
            }
            foreach (var (c, t) in b.Outline.Chapters.Zip(b.Chapters))
            {
                f.WriteLine($"\n# {c.Number}. {c.Title} [{Core.Manuscripts.WordCount.Of(t)} of {c.TargetWords}]\n\n{t}");
            }
        }
    }
}
