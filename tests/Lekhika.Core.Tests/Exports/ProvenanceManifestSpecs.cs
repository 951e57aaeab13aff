using Lekhika.Core.Exports.Provenance;

namespace Lekhika.Core.Tests.Exports;

public sealed class ProvenanceManifestSpecs
{
    private static readonly ProvenanceManifest Made = new(
        new ManifestBook(Guid.Empty, Guid.Empty, 1, "The Map", null, "A", "en", 4, DateTime.UnixEpoch, Guid.Empty, null), "Software wrote it.", "x", [],
        new ManifestPrompts(new Dictionary<string, int>(), new Dictionary<string, string>()), [], new ManifestPeople([], 0, 0, 0), []);

    [Fact]
    public void The_order_of_what_has_none_does_not_change_the_hash()
    {
        var one = Made with { Prompts = new ManifestPrompts(new Dictionary<string, int> { ["a"] = 1, ["b"] = 2 }, new Dictionary<string, string>()) };
        var other = Made with { Prompts = new ManifestPrompts(new Dictionary<string, int> { ["b"] = 2, ["a"] = 1 }, new Dictionary<string, string>()) };

        other.Text().Hash.ShouldBe(one.Text().Hash);
        one.Text().Hash.ShouldNotBe(Made.Text().Hash);
    }
}
