namespace Lekhika.Testing.Models;

/// <summary>What goes wrong with an answer of status 200.</summary>
public enum ServerFault
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Nothing is ever sent.</summary>
    Hang,

    /// <summary>Half of the text is sent, and then nothing more.</summary>
    Stall,

    /// <summary>The connection breaks after half of the text.</summary>
    Cut,

    /// <summary>The answer ends in good order after half of the text, as behind a proxy whose server has died.</summary>
    EndEarly,

    /// <summary>Half of the text is sent, and then an error inside the stream.</summary>
    ErrorInside,

    /// <summary>The whole answer, one byte at a time.</summary>
    ByteByByte,

    /// <summary>Something that is no JSON.</summary>
    WrongJson,

    /// <summary>One line without an end, until the client leaves.</summary>
    EndlessLine,
}

/// <summary>The tokens that a server counts; <paramref name="Input"/> are all, as OpenAI counts them.</summary>
public sealed record AnswerUsage(int Input, int Output, int Cached = 0, int CacheWritten = 0, int Reasoning = 0);
