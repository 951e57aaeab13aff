using Lekhika.Run.Api;
using Lekhika.Testing.Servers;

namespace Lekhika.Run.Tests;

public sealed class DemoAccountSpecs : IDisposable
{
    private readonly TestFolder _folder = TestFolder.Create("account");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_first_start_registers_and_the_second_does_not()
    {
        await using var api = await FakeApi.StartAsync();

        var (first, engine) = await DemoAccount.EnsureAsync(api.Client, _folder.Path, default);
        var (second, _) = await DemoAccount.EnsureAsync(api.Client, _folder.Path, default);

        engine.Id.ShouldBe("book-copy");
        second.ShouldBe(first);
        api.Users.Count.ShouldBe(1);
    }

    [Fact]
    public async Task The_kept_secrets_are_for_the_owner_alone()
    {
        await using var api = await FakeApi.StartAsync();
        await File.WriteAllTextAsync(_folder["demo-account.json"], "");
        File.SetUnixFileMode(_folder["demo-account.json"], UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead);

        await DemoAccount.EnsureAsync(api.Client, _folder.Path, default);

        Directory.GetFiles(_folder.Path).ShouldBe([_folder["demo-account.json"]]);
        File.GetUnixFileMode(_folder["demo-account.json"]).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [Fact]
    public async Task A_revoked_key_is_replaced_and_the_user_stays()
    {
        await using var api = await FakeApi.StartAsync();
        var (first, _) = await DemoAccount.EnsureAsync(api.Client, _folder.Path, default);

        api.Keys.Clear();
        api.Keys.Add("LEKH-somebody-elses");
        api.Keys.Add("LEKH-another");
        api.Keys.Add("LEKH-third");
        var (second, _) = await DemoAccount.EnsureAsync(api.Client, _folder.Path, default);

        second.Email.ShouldBe(first.Email);
        second.Key.ShouldNotBe(first.Key);
        api.Users.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_database_that_knows_nobody_gets_a_new_user()
    {
        await using (var before = await FakeApi.StartAsync())
        {
            await DemoAccount.EnsureAsync(before.Client, _folder.Path, default);
        }

        await using var after = await FakeApi.StartAsync();
        after.Keys.Add("LEKH-second");
        var (account, _) = await DemoAccount.EnsureAsync(after.Client, _folder.Path, default);

        after.Users.Keys.ShouldBe([account.Email]);
    }
}
