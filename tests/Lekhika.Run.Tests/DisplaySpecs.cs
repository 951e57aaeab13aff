using Lekhika.Run.Books;
using Lekhika.Run.Display;
using Lekhika.Run.Host;
using Spectre.Console;

namespace Lekhika.Run.Tests;

public sealed class DisplaySpecs
{
    private readonly StringWriter _output = new();

    [Fact]
    public async Task Plain_lines_say_each_thing_once()
    {
        var display = new PlainDisplay(_output, TextWriter.Null);

        await ShowAsync(display);

        var lines = _output.ToString().Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        lines.ShouldContain("Chapters, 5 of 12");
        lines.ShouldContain("Chapters: done, 12 of 12");
        lines.ShouldContain("PDF: failed, no [node]");
        lines.Count(line => line.StartsWith("Chapters", StringComparison.Ordinal)).ShouldBe(2);
        lines.ShouldNotContain(line => line.Contains('\e'));
    }

    [Fact]
    public async Task In_a_terminal_brackets_in_names_are_no_markup()
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(_output), Ansi = AnsiSupport.Yes, Interactive = InteractionSupport.Yes, ColorSystem = ColorSystemSupport.EightBit });
        var display = new TerminalDisplay(console);

        await ShowAsync(display);
        display.Tell(new Notice("[worker]", IsError: true, "[red] is no colour here"));
        display.Files("/data/[x]", []);
        display.Failure("[/] failed");

        _output.ToString().ShouldContain("A [bold] Title");
        _output.ToString().ShouldContain("no [node]");
        _output.ToString().ShouldContain("[red] is no colour here");
    }

    [Fact]
    public void The_command_to_try_is_printed_unbroken()
    {
        var invitation = new Invitation("http://127.0.0.1:5180", "LEKH-1", "book-copy", "/data", Stays: true);
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(_output), Ansi = AnsiSupport.No });
        console.Profile.Width = 40;

        new TerminalDisplay(console).Invitation(invitation);

        _output.ToString().ShouldContain(invitation.Curl);
    }

    private static async Task ShowAsync(IDisplay display)
    {
        var brief = await BookOrder.ReadAsync(brief: null, title: "A [bold] Title", default);
        await display.WritingAsync(brief, async show =>
        {
            show([new("Chapters", StageState.Active, 0.4, "5 of 12"), new("PDF", StageState.Waiting, 0, "")]);
            show([new("Chapters", StageState.Active, 0.4, "5 of 12"), new("PDF", StageState.Waiting, 0, "")]);
            show([new("Chapters", StageState.Done, 1, "12 of 12"), new("PDF", StageState.Failed, 0, "no [node]")]);
            await Task.Yield();
            return 0;
        });
    }
}
