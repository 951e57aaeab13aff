using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Lekhika.Api.Auth;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Lekhika.Api.Tests;

public sealed class AccessTokenTests
{
    private const string Key = "a secret of thirty-two characters";
    private static readonly Guid User = Guid.NewGuid();

    [Fact]
    public void A_token_says_whose_it_is() => Tokens().Read(Tokens().Issue(User).Text).ShouldBe(User);

    [Fact]
    public void A_token_is_a_JWT_that_any_library_can_check()
    {
        var parts = Tokens().Issue(User).Text.Split('.');

        Encoding.UTF8.GetString(Base64Url.DecodeFromChars(parts[0])).ShouldBe("""{"alg":"HS256","typ":"JWT"}""");
        var claims = JsonNode.Parse(Base64Url.DecodeFromChars(parts[1]))!;
        ((string)claims["sub"]!).ShouldBe(User.ToString());
        ((long)claims["exp"]! - (long)claims["iat"]!).ShouldBe(3600);
        Base64Url.DecodeFromChars(parts[2]).ShouldBe(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Key), Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}")));
    }

    [Fact]
    public void A_token_ends()
    {
        var clock = new Clock();
        var tokens = Tokens(clock: clock);
        var token = tokens.Issue(User);

        clock.Now = token.ExpiresAt.AddSeconds(-1);
        tokens.Read(token.Text).ShouldBe(User);
        clock.Now = token.ExpiresAt;
        tokens.Read(token.Text).ShouldBeNull();
    }

    [Fact]
    public void A_changed_token_is_refused_at_every_character()
    {
        var tokens = Tokens();
        var text = tokens.Issue(User).Text;
        for (var i = 0; i < text.Length; i++)
        {
            // The last character of 43 carries two bits that mean nothing; strict decoding refuses them too.
            var changed = text[..i] + (text[i] == 'A' ? 'B' : 'A') + text[(i + 1)..];
            tokens.Read(changed).ShouldBeNull(changed);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("a.b.c")]
    [InlineData("LEKH-2-")]
    public void Something_else_is_refused(string text) => Tokens().Read(text).ShouldBeNull();

    [Fact]
    public void A_token_without_a_signature_is_refused_whatever_its_header_says()
    {
        var claims = Tokens().Issue(User).Text.Split('.')[1];
        var header = Base64Url.EncodeToString("""{"alg":"none"}"""u8);
        Tokens().Read($"{header}.{claims}.").ShouldBeNull();
        Tokens().Read($"{header}.{claims}").ShouldBeNull();
    }

    [Fact]
    public void Another_secret_is_refused_and_the_one_before_accepted()
    {
        const string next = "another secret of thirty-two chars";
        var token = Tokens().Issue(User).Text;

        Tokens(next).Read(token).ShouldBeNull();
        Tokens(next, previous: Key).Read(token).ShouldBe(User);
        Tokens().Read(Tokens(next, previous: Key).Issue(User).Text).ShouldBeNull();
    }

    [Fact]
    public void Without_a_secret_a_process_trusts_only_itself()
    {
        var mine = Tokens(key: null);
        var token = mine.Issue(User).Text;

        mine.Read(token).ShouldBe(User);
        Tokens(key: null).Read(token).ShouldBeNull();
    }

    private static AccessTokens Tokens(string? key = Key, string? previous = null, TimeProvider? clock = null) =>
        new(Options.Create(new AccessTokenOptions { SigningKey = key, PreviousSigningKey = previous }), clock ?? TimeProvider.System, NullLogger<AccessTokens>.Instance);

    private sealed class Clock : TimeProvider
    {
        public DateTime Now { get; set; } = new(2026, 11, 21, 7, 0, 0, DateTimeKind.Utc);

        public override DateTimeOffset GetUtcNow() => new(Now);
    }
}
