using System.ComponentModel;
using System.Text.Json;
using FluentValidation;
using Lekhika.Core.Executions.Submissions;

namespace Lekhika.Api.Executions;

/// <summary>A run that is asked for.</summary>
internal sealed record ExecuteRequest(
    [property: Description("The form's values by their variables: book_title (required), chapter_count, word_count, genre, premise, output_formats and so on.")]
    Dictionary<string, JsonElement>? UserInput = null,
    [property: Description("How it is made, apart from what is written.")] ExecuteOptions? Options = null);

/// <summary>A run that was accepted.</summary>
/// <param name="StatusUrl">Where to follow it.</param>
internal sealed record ExecuteAnswer(Guid ExecutionId, string Status, string StatusUrl, string Message, ExecuteMetadata Metadata);

/// <summary>Whose run of which engine it is.</summary>
internal sealed record ExecuteMetadata(Guid EngineId, Guid UserEngineId, string EngineName, Guid UserId, DateTime QueuedAt);

internal sealed class ExecuteRequestValidator : AbstractValidator<ExecuteRequest>
{
    public ExecuteRequestValidator()
    {
        RuleFor(request => request.UserInput).NotNull().WithMessage("The form's values are required.");
        RuleFor(request => request.Options).Custom((options, context) =>
        {
            foreach (var fault in OptionRules.Faults(options))
            {
                context.AddFailure(fault.Field, fault.Message);
            }
        });
    }
}
