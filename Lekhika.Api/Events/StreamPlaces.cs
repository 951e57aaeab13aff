using Microsoft.Extensions.Options;

namespace Lekhika.Api.Events;

/// <summary>How many streams each user has open, so that nobody takes all connections.</summary>
internal sealed class StreamPlaces(IOptions<StreamOptions> options)
{
    private readonly Dictionary<Guid, int> _open = [];

    /// <summary>A place, to be disposed with the stream; null when the user has all that he may have.</summary>
    public IDisposable? Take(Guid userId)
    {
        lock (_open)
        {
            var open = _open.GetValueOrDefault(userId);
            if (open >= options.Value.PerUser)
            {
                return null;
            }

            _open[userId] = open + 1;
            return new Place(this, userId);
        }
    }

    private void Leave(Guid userId)
    {
        lock (_open)
        {
            if (--_open[userId] == 0)
            {
                _open.Remove(userId);
            }
        }
    }

    private sealed class Place(StreamPlaces places, Guid userId) : IDisposable
    {
        private bool _left;

        public void Dispose()
        {
            if (!_left)
            {
                _left = true;
                places.Leave(userId);
            }
        }
    }
}
