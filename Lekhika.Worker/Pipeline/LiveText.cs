using System.Runtime.InteropServices;
using Lekhika.Core.Executions;
using Lekhika.Persistence.Signals;

namespace Lekhika.Worker.Pipeline;

/// <summary>
/// Hands the text of a stream on to whoever watches, a few times a second however small its pieces are. An answer that comes faster
/// than that is not shown: it is in the journal before anybody has looked.
/// </summary>
internal sealed class LiveText(Guid executionId, StepKey step, LiveSignals live, TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly List<string> _pending = [];
    private long _shown = time.GetTimestamp();
    private bool _isShown;

    public void Add(string piece)
    {
        _pending.Add(piece);
        if (time.GetElapsedTime(_shown) >= Interval)
        {
            Show();
        }
    }

    public void End()
    {
        if (_isShown && _pending.Count > 0)
        {
            Show();
        }
    }

    private void Show()
    {
        live.Delta(executionId, step, string.Concat(CollectionsMarshal.AsSpan(_pending)));
        _pending.Clear();
        _shown = time.GetTimestamp();
        _isShown = true;
    }
}
