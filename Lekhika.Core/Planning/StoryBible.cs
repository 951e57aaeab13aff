using System.ComponentModel;

namespace Lekhika.Core.Planning;

/// <summary>What every chapter must agree with: the architect's answer.</summary>
public sealed record StoryBible(
    [property: Description("The whole story in a paragraph, its ending included.")] string Synopsis,
    [property: Description("The people of the story, the protagonist first.")] IReadOnlyList<StoryPerson> People,
    [property: Description("The places of the story.")] IReadOnlyList<StoryPlace> Places,
    [property: Description("What happens when, in order.")] IReadOnlyList<StoryEvent> Timeline,
    [property: Description("Open questions that run through the book and how each is resolved.")] IReadOnlyList<StoryThread> Threads);

/// <summary>One of the people of a story.</summary>
public sealed record StoryPerson(
    string Name,
    [property: Description("protagonist, ally, antagonist, mentor or other")] string Role,
    [property: Description("Looks, wish, fear, and how the person changes.")] string Description,
    [property: Description("How the person speaks.")] string Voice);

/// <summary>One of the places of a story.</summary>
public sealed record StoryPlace(string Name, string Description);

/// <summary>An event of the story's time line.</summary>
public sealed record StoryEvent(string When, string What);

/// <summary>A question that runs through the book.</summary>
public sealed record StoryThread(string Question, string Resolution);
