using System.ComponentModel;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace Lekhika.Run.Tests;

public sealed class RunFailureSpecs
{
    [Fact]
    public async Task An_API_that_does_not_answer_in_time_is_told_in_a_sentence()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        using var http = new HttpClient { Timeout = TimeSpan.FromMilliseconds(50) };

        var error = await Should.ThrowAsync<TaskCanceledException>(() => http.GetAsync(new Uri($"http://{silent.LocalEndpoint}")));

        RunFailure.Sentence(error).ShouldNotBeNull().ShouldStartWith("The API did not answer in time.");
    }

    [Fact]
    public void What_is_no_JSON_and_programs_that_are_not_there_are_told_too()
    {
        RunFailure.Sentence(new JsonException("'<' is an invalid start of a value.")).ShouldBe("What was read is not the JSON that was expected: '<' is an invalid start of a value.");
        RunFailure.Sentence(new Win32Exception("'setsid' is not there.")).ShouldBe("A program could not be started: 'setsid' is not there.");
    }

    [Fact]
    public void A_mistake_of_ours_keeps_its_stack_trace() => RunFailure.Sentence(new InvalidOperationException()).ShouldBeNull();
}
