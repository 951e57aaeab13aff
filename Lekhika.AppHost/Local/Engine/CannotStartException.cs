namespace Lekhika.AppHost.Local.Engine;

/// <summary>The message is one sentence for the person at the terminal: what is wrong, and what to do.</summary>
internal sealed class CannotStartException : Exception
{
    public CannotStartException(string message)
        : base(message)
    {
    }

    public CannotStartException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
