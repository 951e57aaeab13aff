using DocumentFormat.OpenXml;
using Lekhika.Core.Manuscripts;
using Lekhika.Exporter.Rendering;
using A = DocumentFormat.OpenXml.Drawing;
using D = DocumentFormat.OpenXml.Drawing.Wordprocessing;
using P = DocumentFormat.OpenXml.Drawing.Pictures;
using W = DocumentFormat.OpenXml.Wordprocessing;

namespace Lekhika.Exporter.Docx.Flow;

/// <summary>The document's pictures, each in line with the text that it stands in.</summary>
internal sealed class DocxPictures
{
    private const int EmuPerTwip = 635;

    /// <summary>A picture's own size: 96 of its pixels are an inch, as Word and CSS take them.</summary>
    private const int TwipsPerPixel = 1440 / 96;

    private uint _last;

    /// <summary>How many pictures are told in words, as they could not be shown.</summary>
    public int Lost { get; set; }

    /// <summary>A picture in its own size, or as much smaller as the place wants (twips).</summary>
    /// <param name="fills">Whether it grows, too, until it fills the place.</param>
    public W.Drawing Drawing(DocxStory story, string name, BookImage image, string alternative, int width, int height, bool fills = false)
    {
        var room = Math.Min((double)width / (image.Width * TwipsPerPixel), (double)height / (image.Height * TwipsPerPixel));
        var scale = fills ? room : Math.Min(1, room);
        var (wide, high) = (Math.Max(1, (long)(image.Width * TwipsPerPixel * scale * EmuPerTwip)), Math.Max(1, (long)(image.Height * TwipsPerPixel * scale * EmuPerTwip)));
        var id = ++_last;
        var title = $"Picture {id}";
        return new(new D.Inline(
            new D.Extent { Cx = wide, Cy = high },
            new D.DocProperties { Id = id, Name = title, Description = alternative },
            new D.NonVisualGraphicFrameDrawingProperties(new A.GraphicFrameLocks { NoChangeAspect = true }),
            new A.Graphic(new A.GraphicData(new P.Picture(
                new P.NonVisualPictureProperties(new P.NonVisualDrawingProperties { Id = id, Name = title, Description = alternative }, new P.NonVisualPictureDrawingProperties()),
                new P.BlipFill(new A.Blip { Embed = story.Picture(name, image) }, new A.Stretch(new A.FillRectangle())),
                new P.ShapeProperties(
                    new A.Transform2D(new A.Offset { X = 0, Y = 0 }, new A.Extents { Cx = wide, Cy = high }),
                    new A.PresetGeometry(new A.AdjustValueList()) { Preset = A.ShapeTypeValues.Rectangle })))
            { Uri = "http://schemas.openxmlformats.org/drawingml/2006/picture" }))
        { DistanceFromTop = 0, DistanceFromBottom = 0, DistanceFromLeft = 0, DistanceFromRight = 0 });
    }
}
