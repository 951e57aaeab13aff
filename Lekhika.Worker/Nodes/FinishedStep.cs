using System.Text.Json;
using Lekhika.Persistence.Runs;

namespace Lekhika.Worker.Nodes;

/// <summary>A finished step, whose JSON is read and written once however many steps look at it: a book's bible and outline stand in the prompt of each chapter.</summary>
internal sealed class FinishedStep(StepOutput output)
{
    private object? _value;
    private string? _text;
    private JsonElement? _json;

    public StepOutput Output => output;

    /// <summary>As prompts show it: as we write JSON, whatever order the database keeps its members in.</summary>
    public string Text<T>()
        where T : class => _text ??= Core.Json.Write(Read<T>());

    public JsonElement Json => _json ??= JsonDocument.Parse(output.Content).RootElement.Clone();

    public T Read<T>()
        where T : class => (T)(_value ??= Core.Json.Read<T>(output.Content));
}
