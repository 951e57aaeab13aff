using System.Net;
using Lekhika.Core.Providers;

namespace Lekhika.Core.Tests.Providers;

public sealed class ProviderAddressSpecs
{
    [Theory]
    [InlineData("https://api.openai.com/v1")]
    [InlineData("http://models.example.org:8080/v1/")]
    [InlineData("https://8.8.8.8/v1")]
    [InlineData("https://[2606:4700:4700::1111]/v1")]
    [InlineData("https://localhost.example.org")]
    public void A_public_address_can_be_a_users(string address)
    {
        ProviderAddress.Fault(address, allowPrivate: false).ShouldBeNull();
        ProviderAddress.Fault(address, allowPrivate: true).ShouldBeNull();
    }

    [Theory]
    [InlineData("http://127.0.0.1:11434/v1")]
    [InlineData("http://127.1/")]
    [InlineData("http://2130706433/")]
    [InlineData("http://0x7f.0.0.1/")]
    [InlineData("http://0177.0.0.1/")]
    [InlineData("http://127.0.0.1./")]
    [InlineData("http://0.0.0.0/")]
    [InlineData("http://10.1.2.3/")]
    [InlineData("http://172.31.255.255/")]
    [InlineData("http://192.168.0.1/")]
    [InlineData("http://100.100.100.200/")]
    [InlineData("http://169.254.169.254/latest/meta-data")]
    [InlineData("http://168.63.129.16/")]
    [InlineData("http://[::1]/")]
    [InlineData("http://[::]/")]
    [InlineData("http://[::ffff:127.0.0.1]/")]
    [InlineData("http://[::ffff:a00:1]/")]
    [InlineData("http://[::7f00:1]/")]
    [InlineData("http://[fe80::1]/")]
    [InlineData("http://[fd00:ec2::254]/")]
    [InlineData("http://[64:ff9b::7f00:1]/")]
    [InlineData("http://[2002:7f00:1::]/")]
    [InlineData("http://localhost/")]
    [InlineData("http://LOCALHOST:8080/")]
    [InlineData("http://localhost./")]
    [InlineData("http://a.localhost/")]
    [InlineData("http://metadata.google.internal/")]
    [InlineData("http://printer.local/")]
    [InlineData("http://postgres:5432/")]
    public void An_address_in_a_private_network_can_be_the_platforms_only(string address)
    {
        ProviderAddress.Fault(address, allowPrivate: false).ShouldNotBeNull().ShouldContain("private network");
        ProviderAddress.Fault(address, allowPrivate: true).ShouldBeNull();
    }

    [Theory]
    [InlineData("")]
    [InlineData("api.openai.com")]
    [InlineData("/v1")]
    [InlineData("ftp://example.org")]
    [InlineData("file:///etc/passwd")]
    [InlineData("https://user:password@example.org")]
    [InlineData("https://user@example.org")]
    [InlineData("https://@example.org")]
    [InlineData("https://example.org/v1?key=1")]
    [InlineData("https://example.org/v1#part")]
    [InlineData(" https://example.org")]
    [InlineData("https://example.org/a b")]
    [InlineData("http://１２７.０.０.１/")]
    [InlineData("https://example.org/\r\nHost: x")]
    public void What_is_no_address_of_a_server_is_nobodys(string address) => ProviderAddress.Fault(address, allowPrivate: true).ShouldNotBeNull();

    [Fact]
    public void An_address_has_500_characters_at_most()
    {
        const string start = "https://example.org/";
        ProviderAddress.Fault(start + new string('a', 500 - start.Length), allowPrivate: false).ShouldBeNull();
        ProviderAddress.Fault(start + new string('a', 501 - start.Length), allowPrivate: false).ShouldNotBeNull();
    }

    [Theory]
    [InlineData("9.255.255.255", true)]
    [InlineData("11.0.0.0", true)]
    [InlineData("100.63.255.255", true)]
    [InlineData("100.64.0.0", false)]
    [InlineData("172.15.255.255", true)]
    [InlineData("172.32.0.0", true)]
    [InlineData("192.0.1.0", true)]
    [InlineData("198.17.255.255", true)]
    [InlineData("198.20.0.0", true)]
    [InlineData("223.255.255.255", true)]
    [InlineData("224.0.0.1", false)]
    [InlineData("255.255.255.255", false)]
    [InlineData("::ffff:8.8.8.8", true)]
    [InlineData("::ffff:192.168.1.1", false)]
    [InlineData("2001:4860:4860::8888", true)]
    [InlineData("2001::1", false)]
    [InlineData("2001:db8::1", false)]
    [InlineData("ff02::1", false)]
    [InlineData("fc00::1", false)]
    public void What_a_name_resolves_to_is_judged_alike(string address, bool isPublic) => ProviderAddress.IsPublic(IPAddress.Parse(address)).ShouldBe(isPublic);
}
