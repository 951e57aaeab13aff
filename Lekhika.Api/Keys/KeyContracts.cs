using System.ComponentModel;
using FluentValidation;
using Lekhika.Api.Auth;

namespace Lekhika.Api.Keys;

/// <summary>A new API key.</summary>
internal sealed record CreateKeyRequest(
    [property: Description("What it is for; 1 to 100 characters.")] string? Name = null,
    [property: Description("What it may do: engines:run, engines:write, executions:read, executions:control, files:read, models:read, models:write. All of it when absent.")] IReadOnlyList<string>? Scopes = null,
    [property: Description("When it ends; never when absent.")] DateTimeOffset? ExpiresAt = null);

/// <summary>A new API key with its text, which is shown this once and kept nowhere.</summary>
internal sealed record CreatedKeyResponse(Guid Id, string Name, string Key, string Prefix, IReadOnlyList<string> Scopes, DateTime CreatedAt, DateTime? ExpiresAt);

/// <summary>An API key without its text.</summary>
internal sealed record KeyResponse(
    Guid Id, string Name, string Prefix, IReadOnlyList<string> Scopes, DateTime CreatedAt, DateTime? ExpiresAt, DateTime? RevokedAt, DateTime? LastUsedAt);

/// <summary>A page of API keys.</summary>
/// <param name="NextCursor">For the next page; null on the last one.</param>
internal sealed record KeyPage(IReadOnlyList<KeyResponse> Keys, string? NextCursor);

internal sealed class CreateKeyRequestValidator : AbstractValidator<CreateKeyRequest>
{
    public CreateKeyRequestValidator(TimeProvider time)
    {
        RuleFor(request => request.Name)
            .Must(name => name?.Trim() is { Length: >= 1 and <= 100 } text && !text.Any(char.IsControl)).WithMessage("A name of 1 to 100 characters is required.");
        RuleFor(request => request.Scopes)
            .Must(scopes => scopes is null || (scopes.Count > 0 && scopes.All(Scopes.All.Contains)))
            .WithMessage($"The scopes are {string.Join(", ", Scopes.All)}; at least one is needed.");
        RuleFor(request => request.ExpiresAt)
            .Must(expiresAt => expiresAt is null || expiresAt > time.GetUtcNow()).WithMessage("This time has passed.");
    }
}
