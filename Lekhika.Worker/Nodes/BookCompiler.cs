using Lekhika.Core.Planning;
using Lekhika.Core.Workflows;
using Lekhika.Persistence.Runs;
using Lekhika.Worker.Ai.Routing;

namespace Lekhika.Worker.Nodes;

/// <summary>Makes a book's record from what a run has: which versions of which chapters, the title page, who wrote it.</summary>
internal sealed class BookCompiler(ModelCatalogue catalogue)
{
    public BookRecord Compile(RunState state, Outline outline, bool partial)
    {
        var brief = state.Brief;
        List<ChapterSummary> chapters = [.. outline.Chapters.Select(chapter => state.Chapters.GetValueOrDefault(chapter.Number)).OfType<ChapterSummary>()];
        var writers = state.Finished.Values.Where(step => step.Output.Kind == OutputKinds.Chapter).Select(step => step.Output.Model).OfType<string>().Distinct().Order(StringComparer.Ordinal).ToList();
        return new BookRecord(
            Guid.CreateVersion7(),
            state.Books + 1,
            brief.Title,
            brief.Subtitle,
            brief.Author,
            brief.Language,
            Requirements(state)?.Logline,
            string.Join(", ", writers),
            chapters.Sum(chapter => chapter.Words),
            [.. chapters.Select(chapter => new ChapterReference(chapter.Number, chapter.Version))],
            partial
                ? [$"This is a part of a book: {chapters.Count} of its {outline.Chapters.Count} chapters are written.", .. catalogue.Colophon(writers)]
                : catalogue.Colophon(writers),
            partial);
    }

    /// <summary>The book as far as it is written, when the run ends or rests before it is compiled; null when no chapter is finished.</summary>
    public BookRecord? CompilePart(RunState state) =>
        state.Outline is { } outline && outline.Chapters.Any(chapter => state.Chapters.ContainsKey(chapter.Number))
            && !state.Finished.Values.Any(step => step.Output.Kind == OutputKinds.Manuscript)
            ? Compile(state, outline, partial: true)
            : null;

    private static StoryRequirements? Requirements(RunState state) =>
        state.Finished.Values.FirstOrDefault(step => step.Output.Kind == OutputKinds.Requirements)?.Read<StoryRequirements>();
}
