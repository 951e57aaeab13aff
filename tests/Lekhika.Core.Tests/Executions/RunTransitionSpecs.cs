using Lekhika.Core.Executions;
using static Lekhika.Core.Executions.RunCommand;
using static Lekhika.Core.Executions.RunStatus;

namespace Lekhika.Core.Tests.Executions;

/// <summary>The table of docs/state-machine.md, written down a second time and compared with the page.</summary>
public sealed class RunTransitionSpecs
{
    private static readonly (RunCommand Command, RunStatus From, RunStatus To)[] Allowed =
    [
        (Claim, Queued, Running),
        (TakeOver, Running, Running),
        (TakeOver, Stopping, Stopping),
        (HandBack, Running, Queued),
        (Pause, Running, Paused),
        (Pause, Queued, Paused),
        (Compile, Running, Exporting),
        (Finish, Running, Completed),
        (Fail, Running, Failed),
        (Stop, Queued, Stopped),
        (Stop, Paused, Stopped),
        (Stop, Running, Stopping),
        (Stop, Exporting, Stopping),
        (EndStop, Stopping, Stopped),
        (FinishFormats, Exporting, Completed),
        (FailFormats, Exporting, Failed),
        (MakeFiles, Completed, Exporting),
        (MakeFiles, Stopped, Exporting),
        (MakeFiles, Failed, Exporting),
        (Resume, Paused, Queued),
        (Resume, Completed, Queued),
        (Resume, Stopped, Queued),
        (Resume, Failed, Queued),
    ];

    [Fact]
    public void Every_command_leads_from_every_state_where_the_page_says_and_nowhere_else()
    {
        foreach (var command in Enum.GetValues<RunCommand>())
        {
            foreach (var from in Enum.GetValues<RunStatus>())
            {
                RunStatus? expected = Allowed.Where(t => t.Command == command && t.From == from).Select(t => (RunStatus?)t.To).SingleOrDefault();
                RunTransitions.Next(from, command).ShouldBe(expected, $"{command} in {from}");
            }

            RunTransitions.From(command).ShouldBe(Allowed.Where(t => t.Command == command).Select(t => t.From), ignoreOrder: true);
        }
    }

    [Fact]
    public void The_page_has_the_same_table()
    {
        var rows = File.ReadLines(Path.Combine(Repository(), "docs", "state-machine.md"))
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries))
            .Where(cells => cells.Length == 7 && cells[1] is not ("command" or "submit" or "---"));
        var page = rows.SelectMany(cells => cells[2].Split(", "), (cells, from) => (
            Command: Enum.Parse<RunCommand>(cells[1].Split(" (")[0].Replace(" ", ""), ignoreCase: true),
            From: RunStatusWords.Parse(from),
            To: RunStatusWords.Parse(cells[3] == "(unchanged)" ? from : cells[3])));
        page.Distinct().ShouldBe(Allowed, ignoreOrder: true);
    }

    [Fact]
    public void Exactly_completed_stopped_and_failed_have_ended() =>
        Enum.GetValues<RunStatus>().Where(status => status.HasEnded()).ShouldBe([Completed, Stopped, Failed], ignoreOrder: true);

    [Theory]
    [InlineData(Queued, "queued", "queued")]
    [InlineData(Running, "running", "processing")]
    [InlineData(Paused, "paused", "paused")]
    [InlineData(Stopping, "stopping", "processing")]
    [InlineData(Exporting, "exporting", "processing")]
    [InlineData(Completed, "completed", "completed")]
    [InlineData(Stopped, "stopped", "stopped")]
    [InlineData(Failed, "failed", "failed")]
    public void A_state_has_a_word_inside_and_one_outside(RunStatus status, string inside, string outside)
    {
        status.Word().ShouldBe(inside);
        status.PublicWord().ShouldBe(outside);
        RunStatusWords.Parse(inside).ShouldBe(status);
    }

    [Theory]
    [InlineData("3")]
    [InlineData("99")]
    [InlineData("processing")]
    [InlineData("running,queued")]
    [InlineData(" queued")]
    [InlineData("")]
    public void Another_word_is_no_state(string word) => Should.Throw<ArgumentException>(() => RunStatusWords.Parse(word));

    private static string Repository()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Lekhika.sln")))
        {
            folder = Path.GetDirectoryName(folder)!;
        }

        return folder;
    }
}
