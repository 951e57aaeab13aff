namespace Lekhika.AppHost.Local.Engine;

/// <summary>All output of all resources on one console, each line led by the resource's name, in its own colour on a terminal.</summary>
internal sealed class ConsoleOutput
{
    private static readonly int[] Colours = [36, 32, 35, 33, 34, 96, 92, 95, 93, 94];

    private readonly Lock _lock = new();
    private readonly Dictionary<string, int> _colours;
    private readonly int _width;

    private readonly TextWriter _output;
    private readonly TextWriter _error;

    public ConsoleOutput(IEnumerable<string> names, TextWriter output, TextWriter error)
    {
        _output = output;
        _error = error;
        _colours = names.Select((name, index) => (name, Colours[index % Colours.Length])).ToDictionary();
        _width = _colours.Keys.Select(name => name.Length).DefaultIfEmpty().Max() + 2;
    }

    public static bool InColour { get; } = !Console.IsOutputRedirected && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));

    public void Say(string text) => Write(text);

    /// <param name="resource">The resource's name.</param>
    /// <param name="instance">The name to show: the resource's, or its replica's.</param>
    /// <param name="line">One line of text.</param>
    public void Line(string resource, string instance, string line)
    {
        var name = instance.PadRight(_width);
        Write(InColour ? $"\e[{_colours.GetValueOrDefault(resource, 37)}m{name}|\e[0m {line}" : $"{name}| {line}");
    }

    public void Error(string sentence)
    {
        lock (_lock)
        {
            _error.WriteLine(InColour ? $"\e[31m{sentence}\e[0m" : sentence);
        }
    }

    private void Write(string line)
    {
        lock (_lock)
        {
            _output.WriteLine(line);
        }
    }
}
