namespace Lekhika.Core.Policies;

/// <summary>
/// Reads the shipped rules, embedded texts <c>category.txt</c>: a phrase a line, <c>{one|other}</c> for alternatives, which may be empty, <c>=</c> before
/// what counts only as a whole text, <c>#</c> before a remark.
/// </summary>
internal static class RuleTexts
{
    public static IEnumerable<PolicyPhrase> Read(string category)
    {
        using var reader = new StreamReader(typeof(RuleTexts).Assembly.GetManifestResourceStream($"Lekhika.Core.Policies.Rules.{category}.txt")
            ?? throw new InvalidOperationException($"There are no rules for {category}."));
        var finding = new PolicyFinding(category);
        return
        [
            .. reader.ReadToEnd().Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Where(line => line[0] != '#')
                .SelectMany(line => Alternatives(line.TrimStart('=')).Select(phrase => new PolicyPhrase(phrase, line[0] == '=', finding))),
        ];
    }

    private static IEnumerable<string> Alternatives(string line)
    {
        var (open, close) = (line.IndexOf('{', StringComparison.Ordinal), line.IndexOf('}', StringComparison.Ordinal));
        return open < 0 ? [line] : line[(open + 1)..close].Split('|').SelectMany(word => Alternatives(line[..open] + word + line[(close + 1)..]));
    }
}
