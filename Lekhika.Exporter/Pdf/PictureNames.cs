using System.Text.Json;
using Lekhika.Core.Manuscripts;

namespace Lekhika.Exporter.Pdf;

/// <summary>The pictures that an order really uses, each under a name of our own: nothing of a manuscript's ids becomes part of a path.</summary>
internal sealed class PictureNames(IReadOnlyDictionary<string, BookImage> images)
{
    private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);

    /// <summary>The name under which a picture is staged; null when the manuscript does not have it.</summary>
    public string? NameOf(string? id)
    {
        if (id is null || !images.TryGetValue(id, out var image) || Ending(image.MediaType) is not { } ending)
        {
            return null;
        }

        if (!_names.TryGetValue(id, out var name))
        {
            _names.Add(id, name = $"{_names.Count + 1}.{ending}");
        }

        return name;
    }

    /// <summary>Writes <c>images</c>: width by height, the width in pixels, and the content in Base64, by name.</summary>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject("images");
        foreach (var (id, name) in _names)
        {
            var image = images[id];
            json.WriteStartObject(name);
            json.WriteNumber("ratio", image is { Width: > 0, Height: > 0 } ? (double)image.Width / image.Height : 1);
            json.WriteNumber("width", image.Width);
            json.WriteBase64String("content", image.Content.Span);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static string? Ending(string mediaType) => mediaType switch
    {
        "image/png" => "png",
        "image/jpeg" => "jpg",
        "image/webp" => "webp",
        _ => null,
    };
}
