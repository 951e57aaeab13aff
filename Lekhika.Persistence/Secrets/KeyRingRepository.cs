using System.Xml.Linq;
using Lekhika.Persistence.Tenancy;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Lekhika.Persistence.Secrets;

/// <summary>
/// Data Protection's key ring in <c>data_protection_keys</c>, which all services share. Rows are only added: a key that was encrypted with
/// the previous master key is added again under the current one, and of the rows of a name the newest that can be decrypted counts.
/// A ring with a key that cannot be decrypted is refused as a whole; Data Protection would silently begin another one.
/// </summary>
internal sealed partial class KeyRingRepository(NpgsqlDataSource source, MasterKeys keys, ILogger<KeyRingRepository> log) : IXmlRepository
{
    /// <exception cref="WrongMasterKeyException">A key was encrypted with a master key that this process does not have.</exception>
    public IReadOnlyCollection<XElement> GetAllElements()
    {
        var elements = new List<XElement>();
        foreach (var rows in Rows().GroupBy(row => row.Name, row => row.Element))
        {
            var element = rows.FirstOrDefault(IsReadable) ?? throw new WrongMasterKeyException();
            if (!rows.SelectMany(Encrypted).Any(part => MasterKeyXml.Fingerprint(part) == keys.Current.Fingerprint) && Encrypted(element).Any())
            {
                element = Renewed(element);
                StoreElement(element, rows.Key);
                EncryptedAnew(log, rows.Key);
            }

            elements.Add(element);
        }

        return elements;
    }

    public void StoreElement(XElement element, string friendlyName)
    {
        using var insert = source.CreateCommand("INSERT INTO data_protection_keys (name, xml) VALUES ($1, $2)");
        insert.Parameters.Add(Sql.Value(friendlyName));
        insert.Parameters.Add(Sql.Value(element.ToString(SaveOptions.DisableFormatting)));
        insert.ExecuteNonQuery();
    }

    private List<(string Name, XElement Element)> Rows()
    {
        using var select = source.CreateCommand("SELECT name, xml FROM data_protection_keys ORDER BY id DESC");
        using var reader = select.ExecuteReader();
        var rows = new List<(string, XElement)>();
        while (reader.Read())
        {
            rows.Add((reader.GetString(0), XElement.Parse(reader.GetString(1))));
        }

        return rows;
    }

    private static IEnumerable<XElement> Encrypted(XElement element) => element.Descendants(MasterKeyXml.Name);

    private bool IsReadable(XElement element) => Encrypted(element).All(part => keys.Find(MasterKeyXml.Fingerprint(part)) is not null);

    private XElement Renewed(XElement element)
    {
        var renewed = new XElement(element);
        foreach (var part in Encrypted(renewed).ToList())
        {
            part.ReplaceWith(MasterKeyXml.Encrypt(keys.Current, MasterKeyXml.Decrypt(keys, part)));
        }

        return renewed;
    }

    [LoggerMessage(LogLevel.Information, "{Key} of the key ring is encrypted with the current master key from now on")]
    private static partial void EncryptedAnew(ILogger log, string key);
}
