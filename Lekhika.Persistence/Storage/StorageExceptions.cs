namespace Lekhika.Persistence.Storage;

/// <summary>The place where bytes are kept does not do what it is asked.</summary>
/// <param name="message">A sentence for operators; holds no secret.</param>
/// <param name="isAway">Whether the same may succeed later: no answer, a time-out, an overloaded server. Else somebody has to mend something.</param>
public sealed class StorageException(string message, bool isAway, Exception? inner = null) : Exception(message, inner)
{
    internal const string NotConfigured = "This file is in an object store, and none is configured: give the service the settings of section Storage (docs/operations.md, \"Where files are kept\").";

    /// <summary>Whether the same may succeed later.</summary>
    public bool IsAway => isAway;
}

/// <summary>The bytes of a file are gone, or others than its hash says.</summary>
public sealed class DamagedFileException(Guid fileId, string reason) : Exception($"The file {fileId} is damaged: {reason}.");
