namespace Lekhika.Exporter.Preflight.Stores;

/// <summary>The white around the words of a book's trimmed pages, taken page by page, word by word; all in points.</summary>
/// <param name="width">Of the trimmed page, which lies in the middle of its sheet.</param>
/// <param name="height">Likewise.</param>
internal sealed class PageMargin(double width, double height)
{
    /// <summary>Poppler leaves out letters that are wholly off the page, so of a word that is cut the last one that is seen stands on the edge.</summary>
    private const double Edge = 1;

    private readonly (double Left, double Right)[] _sides = [(double.MaxValue, double.MaxValue), (double.MaxValue, double.MaxValue)];
    private readonly List<int> _offPage = [];
    private int _page;
    private double _left;
    private double _top;

    /// <summary>The pages off which words run, in order.</summary>
    public IReadOnlyList<int> OffPage => _offPage;

    /// <summary>Least white at the binding: of the two sides of right-hand and of left-hand pages the wider one. Null when there are no words.</summary>
    public double? Inside => Of((left, right) => Math.Max(left, right));

    /// <summary>Least white at the outer edge.</summary>
    public double? Outside => Of((left, right) => Math.Min(left, right));

    /// <summary>The next page, on a sheet of this size.</summary>
    public void Page(double sheetWidth, double sheetHeight) => (_page, _left, _top) = (_page + 1, (sheetWidth - width) / 2, (sheetHeight - height) / 2);

    public void Word(double left, double top, double right, double bottom)
    {
        (left, right, top, bottom) = (left - _left, right - _left, top - _top, bottom - _top);
        if (left < Edge || top < Edge || right > width - Edge || bottom > height - Edge)
        {
            if (_offPage.LastOrDefault() != _page)
            {
                _offPage.Add(_page);
            }
        }
        else
        {
            ref var side = ref _sides[_page % 2];
            side = (Math.Min(side.Left, left), Math.Min(side.Right, width - right));
        }
    }

    private double? Of(Func<double, double, double> which)
    {
        var least = _sides.Min(side => which(side.Left, side.Right));
        return least == double.MaxValue ? null : least;
    }
}
