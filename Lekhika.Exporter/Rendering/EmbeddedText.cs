namespace Lekhika.Exporter.Rendering;

/// <summary>Text files compiled into the exporter, such as style sheets.</summary>
internal static class EmbeddedText
{
    /// <summary>The file by its place in the project with dots, e.g. <c>Html.reader.css</c>.</summary>
    public static string Read(string name)
    {
        var assembly = typeof(EmbeddedText).Assembly;
        using var stream = assembly.GetManifestResourceStream($"{assembly.GetName().Name}.{name}")
            ?? throw new InvalidOperationException($"The file {name} is not embedded in {assembly.GetName().Name}: see EmbeddedResource in its project file.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
