using System.ComponentModel;
using System.Text.Json;
using Lekhika.Run.Api;

namespace Lekhika.Run;

/// <summary>What can go wrong without anybody having made a mistake in this program.</summary>
internal static class RunFailure
{
    /// <summary>For the person at the terminal; null for a mistake of ours, whose stack trace is wanted.</summary>
    public static string? Sentence(Exception error) => error switch
    {
        RunFailedException or ApiException or HttpRequestException or IOException or UnauthorizedAccessException => error.Message,
        // HttpClient's way to tell that its time is over; a stop that was asked for comes first.
        TaskCanceledException => "The API did not answer in time. What the services wrote is in the newest file of the data folder's logs.",
        JsonException => $"What was read is not the JSON that was expected: {error.Message}",
        Win32Exception => $"A program could not be started: {error.Message}",
        _ => null,
    };
}
