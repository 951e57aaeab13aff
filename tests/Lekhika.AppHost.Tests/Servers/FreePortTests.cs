using Lekhika.AppHost.Local.Servers;

namespace Lekhika.AppHost.Tests.Servers;

public sealed class FreePortTests : IDisposable
{
    private readonly int _wished = FreePort.Any();

    public void Dispose() => File.Delete(Lock);

    [Fact]
    public void A_free_port_is_taken_as_wished() => FreePort.Prefer(_wished).ShouldBe(_wished);

    [Fact]
    public void A_port_that_another_AppHost_is_about_to_use_is_left_to_it()
    {
        using var other = new FileStream(Lock, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);

        FreePort.Prefer(_wished).ShouldNotBe(_wished);
    }

    private string Lock => Path.Combine(Path.GetTempPath(), $"lekhika-port-{_wished}.lock");
}
