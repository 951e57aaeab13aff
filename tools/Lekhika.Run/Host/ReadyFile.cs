namespace Lekhika.Run.Host;

/// <summary>What <c>--ready-file</c> holds: enough for a script to drive the system.</summary>
/// <param name="Api">The API's address, such as <c>http://127.0.0.1:5180</c>.</param>
/// <param name="Key">The demo user's API key.</param>
/// <param name="UserEngineId">For <c>POST /engines-api/{userEngineId}/execute</c>.</param>
/// <param name="DataDirectory">Full path.</param>
/// <param name="ProcessIds">By resource; <c>apphost</c> and <c>run</c> are the two programs around them.</param>
internal sealed record ReadyFile(string Api, string Key, string UserEngineId, string DataDirectory, IReadOnlyDictionary<string, IReadOnlyList<int>> ProcessIds)
{
    public static ReadyFile Of(AppHostState state, Uri api, string key, string userEngineId)
    {
        var processIds = state.Resources.ToDictionary(resource => resource.Key, resource => resource.Value.Pids, StringComparer.Ordinal);
        processIds["apphost"] = [state.ProcessId];
        processIds["run"] = [Environment.ProcessId];
        return new(api.ToString().TrimEnd('/'), key, userEngineId, state.DataDirectory, processIds);
    }
}
