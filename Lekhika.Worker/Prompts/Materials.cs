using System.Text.RegularExpressions;
using Lekhika.Core;

namespace Lekhika.Worker.Prompts;

/// <summary>
/// What a prompt is about (brief, bible, outline …), set apart from its instructions: each material is one line of JSON in a
/// fence of its own. <see cref="Json"/> escapes angle brackets, so nothing inside a material can close its fence.
/// </summary>
internal static partial class Materials
{
    /// <param name="prompt">What it is added to.</param>
    /// <param name="name">Lower-case letters.</param>
    /// <param name="json">Written by <see cref="Json.Write"/>: another writer may leave angle brackets as they are.</param>
    public static void Add(List<string> prompt, string name, string json) => prompt.AddRange("<material name=\"", name, "\">\n", json, "\n</material>\n");

    /// <summary>The material of that name in a prompt, or null; throws <see cref="System.Text.Json.JsonException"/> when it has another shape.</summary>
    public static T? Find<T>(string prompt, string name) where T : class
    {
        foreach (Match match in Fence().Matches(prompt))
        {
            if (match.Groups["name"].ValueSpan.SequenceEqual(name))
            {
                return Json.Read<T>(match.Groups["json"].Value);
            }
        }

        return null;
    }

    [GeneratedRegex("""<material name="(?<name>[a-z]+)">\n(?<json>[^\n<]*)\n</material>""", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 2000)]
    private static partial Regex Fence();
}
