using Lekhika.Core.Models;
using Lekhika.Worker.Ai.Providers;

namespace Lekhika.Worker.Ai.Routing;

/// <summary>A model that judges texts and writes none.</summary>
/// <param name="Price">Null: nobody knows what it costs.</param>
internal sealed record ModerationModel(ProviderAccount Provider, string ModelId, ModelPrice? Price)
{
    /// <summary>The capability by which a row says that it is one.</summary>
    public const string Capability = "moderation";
}
