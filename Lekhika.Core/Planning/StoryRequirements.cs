using System.ComponentModel;

namespace Lekhika.Core.Planning;

/// <summary>What the requirements node makes of a brief: the first structured answer of the default book flow.</summary>
public sealed record StoryRequirements(
    [property: Description("One sentence that says what the book is about.")] string Logline,
    [property: Description("Who reads the book and what they hope for, in one sentence.")] string Promise,
    [property: Description("Two to five themes.")] IReadOnlyList<string> Themes,
    [property: Description("When and where the story happens, in one or two sentences.")] string Setting,
    [property: Description("What the brief says must be in the book; empty when it says nothing.")] IReadOnlyList<string> MustInclude,
    [property: Description("What the brief says must not be in the book; empty when it says nothing.")] IReadOnlyList<string> MustAvoid);
