using System.CommandLine;
using System.CommandLine.Parsing;

namespace Lekhika.Run;

/// <summary>The options of <c>./run</c>; help.txt explains them to people.</summary>
internal static class CommandLine
{
    public static RootCommand Build(Func<RunOptions, CancellationToken, Task<int>> run)
    {
        var once = new Option<bool>("--once") { Description = "End after the book." };
        var noDemo = new Option<bool>("--no-demo") { Description = "No book; only start." };
        var data = new Option<DirectoryInfo?>("--data") { Description = "The folder that lives on.", HelpName = "DIR" };
        var port = new Option<int?>("--port") { Description = "The port of the API.", HelpName = "N", CustomParser = PortOf };
        var title = new Option<string?>("--title") { Description = "The book's title.", HelpName = "T" };
        var brief = new Option<FileInfo?>("--brief") { Description = "What the book is about: plain text or JSON.", HelpName = "FILE" };
        var readyFile = new Option<FileInfo?>("--ready-file") { Description = "Written when all is healthy.", HelpName = "FILE" };
        var verbose = new Option<bool>("--verbose") { Description = "Shows all that the services write." };

        brief.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<FileInfo?>() is { Exists: false } missing)
            {
                result.AddError($"The brief '{missing}' is not there.");
            }
        });

        var command = new RootCommand("Starts Lekhika and writes a book.") { once, noDemo, data, port, title, brief, readyFile, verbose };
        command.SetAction((parsed, cancellationToken) => run(
            new RunOptions
            {
                Once = parsed.GetValue(once),
                Demo = !parsed.GetValue(noDemo),
                DataDirectory = parsed.GetValue(data)?.FullName ?? Path.Combine(Installation.Root, ".lekhika"),
                Port = parsed.GetValue(port),
                Title = parsed.GetValue(title),
                Brief = parsed.GetValue(brief),
                ReadyFile = parsed.GetValue(readyFile),
                Verbose = parsed.GetValue(verbose),
            },
            cancellationToken));
        return command;
    }

    private static int? PortOf(ArgumentResult argument)
    {
        if (argument.Tokens is [var token] && int.TryParse(token.Value, out var port) && port is >= 1 and <= 65535)
        {
            return port;
        }

        argument.AddError("--port takes a number from 1 to 65535.");
        return null;
    }
}
