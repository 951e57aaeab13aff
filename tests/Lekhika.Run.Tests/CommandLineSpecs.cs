using System.CommandLine;

namespace Lekhika.Run.Tests;

public sealed class CommandLineSpecs
{
    [Fact]
    public async Task Options_are_read()
    {
        var options = await ParseAsync("--once", "--data", "/tmp/books", "--port", "5190", "--title", "Rain", "--ready-file", "/tmp/ready.json", "--verbose");

        options.ShouldNotBeNull();
        options.ShouldSatisfyAllConditions(
            () => options.Once.ShouldBeTrue(),
            () => options.Demo.ShouldBeTrue(),
            () => options.DataDirectory.ShouldBe("/tmp/books"),
            () => options.Port.ShouldBe(5190),
            () => options.Title.ShouldBe("Rain"),
            () => options.ReadyFile!.FullName.ShouldBe("/tmp/ready.json"),
            () => options.Verbose.ShouldBeTrue());
    }

    [Fact]
    public async Task Without_options_the_data_live_beside_the_solution()
    {
        var options = await ParseAsync();

        options.ShouldNotBeNull();
        options.DataDirectory.ShouldBe(Path.Combine(Installation.Root, ".lekhika"));
        options.Once.ShouldBeFalse();
        options.Port.ShouldBeNull();
    }

    [Theory]
    [InlineData("--port", "0")]
    [InlineData("--port", "70000")]
    [InlineData("--port", "many")]
    [InlineData("--brief", "/nowhere/brief.txt")]
    [InlineData("--unknown", "x")]
    public async Task Nonsense_starts_nothing(params string[] args) => (await ParseAsync(args)).ShouldBeNull();

    [Fact]
    public async Task The_help_page_knows_every_option_and_no_other()
    {
        var page = await File.ReadAllTextAsync(Path.Combine(Installation.Root, "tools/Lekhika.Run/help.txt"));
        var known = CommandLine.Build((_, _) => Task.FromResult(0)).Options.Select(option => option.Name).Where(name => name != "--version").Order();

        var told = page.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Where(word => word.StartsWith("--", StringComparison.Ordinal) && word != "--project").Distinct().Order();

        told.ShouldBe(known);
    }

    /// <summary>Null when the session was not started.</summary>
    private static async Task<RunOptions?> ParseAsync(params string[] args)
    {
        RunOptions? seen = null;
        var command = CommandLine.Build((options, _) =>
        {
            seen = options;
            return Task.FromResult(0);
        });
        var exitCode = await command.Parse(args).InvokeAsync(new InvocationConfiguration { Output = TextWriter.Null, Error = TextWriter.Null });
        exitCode.ShouldBe(seen is null ? 1 : 0);
        return seen;
    }
}
