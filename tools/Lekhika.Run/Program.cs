using System.CommandLine.Invocation;
using Lekhika.Run;

var command = CommandLine.Build(RunSession.RunAsync).Parse(args);
if (command.Action is ParseErrorAction mistake)
{
    // The sentence alone; ./run --help has the page.
    mistake.ShowHelp = false;
}

// The session handles Ctrl+C by itself: a clean stop takes longer than the library would wait.
return await command.InvokeAsync(new() { ProcessTerminationTimeout = null });
