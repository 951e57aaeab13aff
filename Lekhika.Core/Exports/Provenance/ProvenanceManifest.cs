using System.Security.Cryptography;
using System.Text;

namespace Lekhika.Core.Exports.Provenance;

/// <summary>How a book was made: by which models, from which prompts, with whose help, and where its pictures are from. It has none of the texts.</summary>
/// <param name="Disclosure">A sentence for whoever must be told that software wrote the book.</param>
/// <param name="DigitalSourceType">In the words of the IPTC's NewsCodes (cv.iptc.org/newscodes/digitalsourcetype).</param>
/// <param name="Models">Those that answered, by name.</param>
/// <param name="Prompts">The platform's prompts by kind, and the nodes that have their own.</param>
/// <param name="Chapters">In reading order.</param>
/// <param name="Pictures">By id.</param>
public sealed record ProvenanceManifest(
    ManifestBook Book, string Disclosure, string DigitalSourceType, IReadOnlyList<ManifestModel> Models, ManifestPrompts Prompts, IReadOnlyList<ManifestChapter> Chapters, ManifestPeople People,
    IReadOnlyList<ManifestPicture> Pictures)
{
    /// <summary>What this shape is called; another shape has another name.</summary>
    public string Type { get; } = "urn:lekhika:provenance:1";

    /// <summary>The manifest as it is kept and handed out: canonical, so that the same facts are the same bytes.</summary>
    public ManifestText Text()
    {
        var json = CanonicalJson.Of(Json.Write(this));
        return new(json, SHA256.HashData(Encoding.UTF8.GetBytes(json)));
    }
}

/// <summary>A manifest's JSON and the SHA-256 of its UTF-8.</summary>
public sealed record ManifestText(string Json, byte[] Sha256)
{
    /// <summary>The hash in hexadecimal.</summary>
    public string Hash => Convert.ToHexStringLower(Sha256);
}

/// <summary>Which book.</summary>
/// <param name="Version">How often the run's manuscript had been compiled.</param>
/// <param name="Completed">When it was compiled (UTC).</param>
/// <param name="WorkflowVersionId">The workflow that made it.</param>
/// <param name="ForkedFrom">The run whose finished steps it began with.</param>
public sealed record ManifestBook(
    Guid Id, Guid ExecutionId, int Version, string Title, string? Subtitle, string Author, string Language, int Words, DateTime Completed, Guid WorkflowVersionId, Guid? ForkedFrom);

/// <summary>A model that took part.</summary>
/// <param name="Name">As keyName:modelId.</param>
/// <param name="Kind">The kind of server.</param>
/// <param name="Answered">What the server called the model that answered; versions show here.</param>
/// <param name="Tasks">What it was asked for, by name.</param>
public sealed record ManifestModel(string Name, string Kind, IReadOnlyList<string> Answered, IReadOnlyList<ManifestTask> Tasks);

/// <summary>What a model was asked for.</summary>
public sealed record ManifestTask(string Task, long Calls, long InputTokens, long OutputTokens);

/// <summary>What models were told.</summary>
/// <param name="Versions">Of each kind that the platform had published a version of; the others are the product's own texts.</param>
/// <param name="OwnOfNodes">Nodes with prompts of their own, with the SHA-256 of both texts.</param>
public sealed record ManifestPrompts(IReadOnlyDictionary<string, int> Versions, IReadOnlyDictionary<string, string> OwnOfNodes);

/// <summary>A chapter as it stands in the book.</summary>
/// <param name="Version">Of the chapter's versions.</param>
/// <param name="Sha256">Of its Markdown.</param>
/// <param name="WrittenBy">The model; null when a person did.</param>
public sealed record ManifestChapter(int Number, string Title, int Version, int Words, string Sha256, string? WrittenBy);

/// <summary>What people did besides.</summary>
/// <param name="Edited">The chapters that have a version by a person in the book.</param>
/// <param name="Guidance">How often somebody said what should be different.</param>
/// <param name="DoneAnew">How often something was done anew.</param>
/// <param name="Approved">How many previews were approved.</param>
public sealed record ManifestPeople(IReadOnlyList<int> Edited, int Guidance, int DoneAnew, int Approved);

/// <summary>A picture that the run has made, in its newest version.</summary>
/// <param name="Kind">image or cover.</param>
/// <param name="Sha256">Of the file as its model gave it; files of the book hold it encoded anew.</param>
/// <param name="Model">As keyName:modelId.</param>
public sealed record ManifestPicture(Guid Id, string Kind, string Sha256, string Model, string Alternative, string Licence);
