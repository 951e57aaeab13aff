using System.Text;
using System.Text.RegularExpressions;

namespace Lekhika.Worker.Ai.Offline;

/// <summary>
/// A piece of text with slots, <c>{name}</c>, and choices, <c>[one|another]</c>, which may hold slots and choices themselves.
/// A beat's template is also read backwards: <see cref="Match"/> finds what stood in its slots.
/// </summary>
internal sealed class Template
{
    private readonly List<Part> parts = [];
    private readonly Lazy<Regex> pattern;
    private string[]? slots;

    public Template(string source)
    {
        var at = 0;
        Parse(source, ref at, inChoice: false);
        pattern = new(() => new Regex($"^{string.Concat(parts.Select(Pattern))}$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(2)));
        Landmark = parts.Select(p => p.Literal ?? "").MaxBy(l => l.Length) ?? "";
    }

    private Template()
        : this("")
    {
    }

    /// <summary>The longest text that stands in every expansion: a quick test before a match.</summary>
    public string Landmark { get; }

    /// <summary>The names of all slots.</summary>
    public IReadOnlyList<string> Slots => slots ??= [.. parts.SelectMany(p => p.Choices?.SelectMany(c => c.Slots) ?? (p.Slot is null ? [] : [p.Slot])).Distinct(StringComparer.Ordinal)];

    public void Expand(StringBuilder to, Func<string, string> fill, Dice dice)
    {
        foreach (var part in parts)
        {
            if (part.Choices is { } choices)
            {
                dice.Pick(choices).Expand(to, fill, dice);
            }
            else
            {
                to.Append(part.Literal ?? fill(part.Slot!));
            }
        }
    }

    /// <summary>What the slots hold in a text that this template made, or null when it did not make it.</summary>
    public Dictionary<string, string>? Match(string text)
    {
        if (!text.Contains(Landmark, StringComparison.Ordinal) || pattern.Value.Match(text) is not { Success: true } match)
        {
            return null;
        }

        return parts.Where(p => p.Slot is not null).DistinctBy(p => p.Slot).ToDictionary(p => p.Slot!, p => Inside(match.Groups[p.Slot!].Value), StringComparer.Ordinal);
    }

    /// <summary>As it reads inside a sentence, when the slot stood at its beginning.</summary>
    private static string Inside(string value) => value.StartsWith("The ", StringComparison.Ordinal) ? $"the {value[4..]}" : value;

    /// <summary>People have names of one word, other slots hold anything: so "At {p} {h} waits" can be told apart.</summary>
    private static string Pattern(Part part) => part switch
    {
        { Literal: { } literal } => Regex.Escape(literal),
        { Slot: "h" or "a" or "b" or "m" or "v" } => $@"(?<{part.Slot}>[^\s,;:.]+)",
        _ => $"(?<{part.Slot}>.+?)",
    };

    private void Parse(string source, ref int at, bool inChoice)
    {
        while (at < source.Length && !(inChoice && source[at] is '|' or ']'))
        {
            if (source[at] == '{')
            {
                var end = source.IndexOf('}', at);
                parts.Add(new Part(null, source[(at + 1)..end], null));
                at = end + 1;
            }
            else if (source[at] == '[')
            {
                var choices = new List<Template>();
                do
                {
                    at++;
                    var choice = new Template();
                    choice.Parse(source, ref at, inChoice: true);
                    choices.Add(choice);
                }
                while (source[at] == '|');
                at++;
                parts.Add(new Part(null, null, choices));
            }
            else
            {
                var end = source.AsSpan(at).IndexOfAny(inChoice ? "{[|]" : "{[");
                end = end < 0 ? source.Length : at + end;
                parts.Add(new Part(source[at..end], null, null));
                at = end;
            }
        }
    }

    private sealed record Part(string? Literal, string? Slot, IReadOnlyList<Template>? Choices);
}
