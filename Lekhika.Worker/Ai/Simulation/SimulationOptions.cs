namespace Lekhika.Worker.Ai.Simulation;

/// <summary>The simulated model of a load rehearsal: configuration section <c>Simulation</c>.</summary>
internal sealed class SimulationOptions
{
    /// <summary>Whether it writes instead of every other model that is not asked for by name. Default false.</summary>
    public bool Enabled { get; set; }

    /// <summary>How long its answers take. Default none.</summary>
    public SimulatedLatencies Latencies { get; set; }
}

/// <summary>How long a simulated model's answers take.</summary>
internal enum SimulatedLatencies
{
    /// <summary>It answers at once: what is left is the engine's own time.</summary>
    None,

    /// <summary>By what is asked for, as <see cref="BookLatency"/> says.</summary>
    Book,
}
