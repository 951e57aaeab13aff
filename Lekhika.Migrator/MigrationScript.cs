using System.Reflection;
using System.Security.Cryptography;
using System.Text;

namespace Lekhika.Migrator;

/// <summary>
/// One step of the schema: an embedded file <c>NNNN_name.sql</c>, run as the owner role, or <c>NNNN_name.admin.sql</c>, run as
/// the administrator (roles, doors). A script that has been applied anywhere is never changed: the next one mends.
/// </summary>
internal sealed record MigrationScript(string Name, string Sql, bool AsAdministrator)
{
    private const string Prefix = "Lekhika.Migrator.Scripts.";

    public byte[] Checksum => SHA256.HashData(Encoding.UTF8.GetBytes(Sql));

    public static IReadOnlyList<MigrationScript> All { get; } = Load(typeof(MigrationScript).Assembly);

    private static List<MigrationScript> Load(Assembly assembly) =>
        [.. assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(name => new MigrationScript(name[Prefix.Length..], Read(assembly, name), name.EndsWith(".admin.sql", StringComparison.Ordinal)))];

    private static string Read(Assembly assembly, string name)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
