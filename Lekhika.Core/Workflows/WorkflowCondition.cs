using System.Text.Json;
using System.Text.Json.Serialization;

namespace Lekhika.Core.Workflows;

/// <summary>One way out of a condition node: <c>{field, operator, value, target}</c>.</summary>
/// <param name="Field">What is looked at: a <see cref="FieldReference"/>.</param>
/// <param name="Operator">How it is compared; <see cref="ConditionEvaluator"/> says what each means.</param>
/// <param name="Value">What it is compared with; absent for <see cref="ConditionOperator.Exists"/>.</param>
/// <param name="Target">The id of a node that an edge leads to from the condition node. Absent in JSON is empty, which the validator tells.</param>
public sealed record WorkflowCondition(string Field, ConditionOperator Operator, JsonElement? Value = null, string Target = "")
{
    /// <summary>Fields of drawing tools (label, color).</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Other { get; init; }
}

/// <summary>The comparisons of a condition.</summary>
public enum ConditionOperator
{
    /// <summary>The same text, number or truth.</summary>
    [JsonStringEnumMemberName("equals")]
    Equals,

    /// <summary>Not <see cref="Equals"/>; so a missing value differs from every text.</summary>
    [JsonStringEnumMemberName("not_equals")]
    NotEquals,

    /// <summary>A text with this part, or a list with this element.</summary>
    [JsonStringEnumMemberName("contains")]
    Contains,

    /// <summary>A number above this one.</summary>
    [JsonStringEnumMemberName("greater_than")]
    GreaterThan,

    /// <summary>A number below this one.</summary>
    [JsonStringEnumMemberName("less_than")]
    LessThan,

    /// <summary>A value that is there and not empty.</summary>
    [JsonStringEnumMemberName("exists")]
    Exists,
}
