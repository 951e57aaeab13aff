using System.Security.Cryptography;
using Aspire.Hosting.ApplicationModel;
using Lekhika.AppHost.Local.Engine;

namespace Aspire.Hosting.ApplicationModel
{
    public abstract class ParameterDefault
    {
        public abstract string GetDefaultValue();
    }

    public sealed class GenerateParameterDefault : ParameterDefault
    {
        private const string Letters = "abcdefghjkmnpqrstuvwxyz";
        private const string Digits = "0123456789";
        private const string Marks = "-_.{}~()*+!";

        public int MinLength { get; set; } = 22;

        public bool Special { get; set; } = true;

        public override string GetDefaultValue() =>
            RandomNumberGenerator.GetString(Letters + Letters.ToUpperInvariant() + Digits + (Special ? Marks : ""), MinLength);
    }

    public class ParameterResource : Resource, IExpressionValue
    {
        private readonly TaskCompletionSource<string> _value = new(TaskCreationOptions.RunContinuationsAsynchronously);

        internal ParameterResource(string name, bool persist)
            : base(name) => Persist = persist;

        public ParameterDefault? Default { get; set; }

        internal bool Persist { get; }

        ValueTask<string?> IValueProvider.GetValueAsync(CancellationToken cancellationToken) => GetValueAsync(cancellationToken);

        public async ValueTask<string?> GetValueAsync(CancellationToken cancellationToken) => await _value.Task.WaitAsync(cancellationToken);

        /// <summary>Configuration first (<c>Parameters:name</c>, with underscores for dashes too, as environment variables need), then what was kept, then a new value.</summary>
        internal void Resolve(Microsoft.Extensions.Configuration.IConfiguration configuration, Secrets secrets) =>
            _value.SetResult(
                configuration[$"Parameters:{Name}"] ?? configuration[$"Parameters:{Name.Replace('-', '_')}"]
                ?? (Persist ? secrets.GetOrAdd(Name, Default!.GetDefaultValue) : Default!.GetDefaultValue()));
    }
}

namespace Aspire.Hosting
{
    public static class ParameterResourceBuilderExtensions
    {
        public static IResourceBuilder<ParameterResource> AddParameter(this IDistributedApplicationBuilder builder, string name, ParameterDefault value, bool secret = false, bool persist = false)
        {
            // No dashboard shows values here, so a secret needs no more care than any other.
            _ = secret;
            return builder.AddResource(new ParameterResource(name, persist) { Default = value });
        }
    }
}
