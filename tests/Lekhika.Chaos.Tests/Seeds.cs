namespace Lekhika.Chaos.Tests;

/// <summary>Which seeds are tried: 1 to <c>LEKHIKA_CHAOS_SEEDS</c> (3 unless told), or <c>LEKHIKA_CHAOS_SEED</c> alone.</summary>
internal sealed class Seeds : TheoryData<int>
{
    public const string OneVariable = "LEKHIKA_CHAOS_SEED";
    public const string CountVariable = "LEKHIKA_CHAOS_SEEDS";

    public Seeds()
    {
        if (Read(OneVariable) is { } seed)
        {
            Add(seed);
            return;
        }

        for (var number = 1; number <= (Read(CountVariable) ?? 3); number++)
        {
            Add(number);
        }
    }

    private static int? Read(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value ? int.Parse(value) : null;
}
