namespace Lekhika.Core.Workflows;

/// <summary>Kinds of outputs that nodes hand to each other.</summary>
public static class OutputKinds
{
    /// <summary>What the client wants, in the engine's terms.</summary>
    public const string Requirements = "requirements";

    /// <summary>The people, places and rules of the book.</summary>
    public const string Bible = "bible";

    /// <summary>The chapters to write, in order.</summary>
    public const string Outline = "outline";

    /// <summary>One written chapter.</summary>
    public const string Chapter = "chapter";

    /// <summary>The whole book as typed chapters.</summary>
    public const string Manuscript = "manuscript";

    /// <summary>The export jobs of a finished manuscript.</summary>
    public const string Handover = "handover";

    /// <summary>Findings of a node that writes no part of the book.</summary>
    public const string Report = "report";

    /// <summary>A picture for the inside of the book: what it shows, and where its bytes are.</summary>
    public const string Image = "image";

    /// <summary>The picture of the front cover, likewise.</summary>
    public const string Cover = "cover";

    /// <summary>The ways that a condition node opened.</summary>
    public const string Decision = "decision";

    /// <summary>What a person said to a preview.</summary>
    public const string Approval = "approval";

    /// <summary>Whether it is made by a model for images.</summary>
    public static bool IsPicture(string kind) => kind is Image or Cover;
}
