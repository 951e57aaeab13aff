namespace Lekhika.Run;

/// <summary>Ends the program with exit code 1; the message is for the person at the terminal.</summary>
internal sealed class RunFailedException : Exception
{
    public RunFailedException(string message)
        : base(message)
    {
    }

    public RunFailedException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
