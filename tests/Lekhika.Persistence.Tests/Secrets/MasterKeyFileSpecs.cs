using System.Runtime.Versioning;
using Lekhika.Persistence.Secrets;
using Lekhika.Testing.Servers;

namespace Lekhika.Persistence.Tests.Secrets;

[UnsupportedOSPlatform("windows")]
public sealed class MasterKeyFileSpecs : IDisposable
{
    private readonly TestFolder _folder = TestFolder.Create("secrets");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_key_is_made_on_the_first_start_for_its_owner_alone_and_is_the_same_on_the_next()
    {
        var first = MasterKeyFile.ReadOrMake(_folder["key"]);

        Convert.FromBase64String(first).Length.ShouldBe(32);
        File.GetUnixFileMode(_folder["key"]).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        MasterKeyFile.ReadOrMake(_folder["key"]).ShouldBe(first);
        Directory.GetFiles(_folder.Path).ShouldBe([_folder["key"]], "no draft is left");
    }

    [Fact]
    public async Task Of_many_that_start_at_once_all_have_the_same_key()
    {
        for (var round = 0; round < 20; round++)
        {
            var path = _folder[$"key-{round}"];
            using var start = new Barrier(8);
            var keys = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Factory.StartNew(() =>
            {
                start.SignalAndWait();
                return MasterKeyFile.ReadOrMake(path);
            }, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));

            keys.Distinct().ShouldHaveSingleItem();
            (await File.ReadAllTextAsync(path)).ShouldBe(keys[0]);
        }
    }

    [Theory]
    [InlineData(UnixFileMode.GroupRead)]
    [InlineData(UnixFileMode.OtherRead)]
    [InlineData(UnixFileMode.OtherWrite)]
    public void A_file_that_others_may_read_or_change_is_refused(UnixFileMode more)
    {
        var key = MasterKeyFile.ReadOrMake(_folder["key"]);
        File.SetUnixFileMode(_folder["key"], UnixFileMode.UserRead | UnixFileMode.UserWrite | more);

        var error = Should.Throw<InvalidOperationException>(() => MasterKeyFile.ReadOrMake(_folder["key"]));

        error.Message.ShouldContain("chmod 600");
        error.Message.ShouldNotContain(key);
    }

    [Fact]
    public void A_folder_that_is_not_there_is_named() =>
        Should.Throw<InvalidOperationException>(() => MasterKeyFile.ReadOrMake(_folder["nowhere/key"])).Message.ShouldContain("nowhere/key");
}
