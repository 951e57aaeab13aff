namespace Lekhika.Exporter.Rendering;

/// <summary>What a link in a file may lead to.</summary>
internal static class LinkTarget
{
    /// <summary>An absolute http, https or mailto URI (RFC 3986, percent-encoded), or null: then the link's text stands alone.</summary>
    public static string? Of(string target) =>
        Uri.TryCreate(target, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" or "mailto" && Uri.IsWellFormedUriString(uri.AbsoluteUri, UriKind.Absolute)
            ? uri.AbsoluteUri
            : null;
}
