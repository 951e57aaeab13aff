using System.ComponentModel;
using System.Diagnostics;

namespace Lekhika.Exporter.Tests.Renderers;

/// <summary>Independent programs that check files. A missing one fails the test with a sentence that says what to install.</summary>
internal static class Tool
{
    /// <summary>What the program prints; fails unless it ends with 0.</summary>
    public static string Run(string package, string program, params IEnumerable<string> arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false })!;
            var errors = process.StandardError.ReadToEndAsync();
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            process.ExitCode.ShouldBe(0, $"{program} {string.Join(' ', arguments)}\n{output}\n{errors.Result}");
            return output;
        }
        catch (Win32Exception)
        {
            Assert.Fail($"{program} is not installed: run apt-get install {package}.");
            throw;
        }
    }
}
