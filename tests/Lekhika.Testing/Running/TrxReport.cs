using System.Xml.Linq;

namespace Lekhika.Testing.Running;

/// <summary>Reads the test platform's TRX files (schema VisualStudio/TeamTest/2010).</summary>
internal static class TrxReport
{
    private static readonly XNamespace Trx = "http://microsoft.com/schemas/VisualStudio/TeamTest/2010";

    /// <summary>The tests of a file; none when there is no file, because the host died before it wrote one.</summary>
    public static IReadOnlyList<TestResult> Read(string path) =>
        !File.Exists(path) ? [] : [.. XDocument.Load(path).Descendants(Trx + "UnitTestResult").Select(ReadOne)];

    private static TestResult ReadOne(XElement test)
    {
        var error = test.Element(Trx + "Output")?.Element(Trx + "ErrorInfo");
        return new(
            (string?)test.Attribute("testName") ?? "",
            (string?)test.Attribute("outcome") switch
            {
                "Passed" => TestOutcome.Passed,
                "NotExecuted" => TestOutcome.Skipped,
                _ => TestOutcome.Failed,
            },
            $"{(string?)error?.Element(Trx + "Message")}\n{(string?)error?.Element(Trx + "StackTrace")}");
    }
}
