using System.ComponentModel;

namespace Lekhika.Core.Planning;

/// <summary>The plan of a book, chapter by chapter: the outliner's answer. Chapters are numbered from 1 without gaps.</summary>
public sealed record Outline(IReadOnlyList<OutlineChapter> Chapters);

/// <summary>The plan of one chapter: enough for it to be written without having read the others.</summary>
public sealed record OutlineChapter(
    int Number,
    [property: Description("A title without 'Chapter N'.")] string Title,
    [property: Description("What the chapter does for the story, in one sentence.")] string Purpose,
    [property: Description("The person through whose eyes it is told, as named in the bible.")] string PointOfView,
    [property: Description("Names of places of the bible.")] IReadOnlyList<string> Places,
    [property: Description("Names of people of the bible who appear.")] IReadOnlyList<string> People,
    [property: Description("Three to six things that happen, in order; scenes are made of these.")] IReadOnlyList<string> Beats,
    [property: Description("Where people stand and what they know when the chapter opens.")] string EntryState,
    [property: Description("Where people stand and what they know when it ends; the next chapter opens here.")] string ExitState,
    [property: Description("Words of this chapter; the chapters' words together make the book's.")] int TargetWords);
