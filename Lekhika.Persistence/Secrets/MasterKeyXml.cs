using System.Text;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;
using Microsoft.Extensions.DependencyInjection;

namespace Lekhika.Persistence.Secrets;

/// <summary>The XML of a key of the ring, encrypted: an element with the ciphertext and the master key's fingerprint.</summary>
internal static class MasterKeyXml
{
    public const string Name = "masterKeyEncrypted";
    private const string FingerprintName = "masterKey";

    public static XElement Encrypt(MasterKey key, XElement text) => new(
        Name, new XAttribute(FingerprintName, key.Fingerprint),
        Convert.ToBase64String(key.Encrypt(Encoding.UTF8.GetBytes(text.ToString(SaveOptions.DisableFormatting)))));

    public static string? Fingerprint(XElement element) => (string?)element.Attribute(FingerprintName);

    public static XElement Decrypt(MasterKeys keys, XElement element) => keys.Find(Fingerprint(element)) is { } key
        ? XElement.Parse(Encoding.UTF8.GetString(key.Decrypt(Convert.FromBase64String(element.Value))))
        : throw new WrongMasterKeyException();
}

/// <summary>Encrypts new keys of the ring with the current master key.</summary>
internal sealed class MasterKeyXmlEncryptor(MasterKeys keys) : IXmlEncryptor
{
    public EncryptedXmlInfo Encrypt(XElement plaintextElement) =>
        new(MasterKeyXml.Encrypt(keys.Current, plaintextElement), typeof(MasterKeyXmlDecryptor));
}

/// <summary>Decrypts them with the current master key or the one before. Data Protection makes it by its name, with its services.</summary>
internal sealed class MasterKeyXmlDecryptor(IServiceProvider services) : IXmlDecryptor
{
    public XElement Decrypt(XElement encryptedElement) =>
        MasterKeyXml.Decrypt(services.GetRequiredService<MasterKeys>(), encryptedElement);
}
