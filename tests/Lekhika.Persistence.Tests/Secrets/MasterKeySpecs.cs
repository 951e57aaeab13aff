using System.Security.Cryptography;
using Lekhika.Persistence.Secrets;

namespace Lekhika.Persistence.Tests.Secrets;

public sealed class MasterKeySpecs
{
    private static readonly byte[] Text = "what is to be kept"u8.ToArray();

    [Fact]
    public void Base64_of_32_bytes_is_the_key_itself_and_any_other_long_text_is_hashed()
    {
        var bytes = RandomNumberGenerator.GetBytes(32);
        var given = MasterKey.Parse($" {Convert.ToBase64String(bytes)}\n", "K");
        using var aes = new AesGcm(bytes, 16);
        var cipher = given.Encrypt(Text);
        var text = new byte[Text.Length];
        aes.Decrypt(cipher.AsSpan(0, 12), cipher.AsSpan(28), cipher.AsSpan(12, 16), text, "lekhika key ring 1"u8);
        text.ShouldBe(Text);

        const string phrase = "thirty-two characters, or more, of text";
        MasterKey.Parse(phrase, "K").Fingerprint.ShouldBe(MasterKey.Parse(Convert.ToBase64String(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(phrase))), "K").Fingerprint);
    }

    [Theory]
    [InlineData("thirty-one characters, one less")]
    [InlineData("")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAA==")]
    public void A_short_text_is_no_key(string text) => Should.Throw<InvalidOperationException>(() => MasterKey.Parse(text, "K"));

    [Fact]
    public void The_same_text_is_never_encrypted_to_the_same_twice_and_no_changed_bit_goes_unnoticed()
    {
        var key = MasterKey.Parse(new string('k', 32), "K");
        var cipher = key.Encrypt(Text);
        key.Encrypt(Text).ShouldNotBe(cipher);
        key.Decrypt(cipher).ShouldBe(Text);
        for (var i = 0; i < cipher.Length; i++)
        {
            var changed = cipher.ToArray();
            changed[i] ^= 1;
            Should.Throw<CryptographicException>(() => key.Decrypt(changed));
        }

        Should.Throw<CryptographicException>(() => key.Decrypt(cipher.AsSpan(0, 20).ToArray()));
        Should.Throw<CryptographicException>(() => MasterKey.Parse(new string('l', 32), "K").Decrypt(cipher));
    }
}
