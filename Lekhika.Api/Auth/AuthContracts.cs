using System.ComponentModel;
using FluentValidation;

namespace Lekhika.Api.Auth;

/// <summary>A new account.</summary>
internal sealed record RegisterRequest(
    [property: Description("An e-mail address that has no account yet.")] string? Email = null,
    [property: Description("10 to 256 characters.")] string? Password = null,
    [property: Description("At most 200 characters.")] string? FullName = null);

/// <summary>The credentials of an account.</summary>
internal sealed record LoginRequest(string? Email = null, string? Password = null);

/// <summary>A session: who, and a token that says so until it expires.</summary>
internal sealed record SessionResponse(SessionUser User, string AccessToken, DateTime ExpiresAt);

/// <summary>Who has logged in.</summary>
internal sealed record SessionUser(Guid Id, string Email, string FullName);

internal sealed class RegisterRequestValidator : AbstractValidator<RegisterRequest>
{
    public RegisterRequestValidator()
    {
        RuleFor(request => request.Email).Cascade(CascadeMode.Stop)
            .NotEmpty().WithMessage("An e-mail address is required.")
            .Must(IsAddress).WithMessage("This is not an e-mail address.");
        RuleFor(request => request.Password).Cascade(CascadeMode.Stop)
            .NotEmpty().WithMessage("A password is required.")
            .Length(10, 256).WithMessage("A password has 10 to 256 characters.");
        RuleFor(request => request.FullName)
            .Must(name => name is null || (name.Length <= 200 && !name.Any(char.IsControl))).WithMessage("A name has at most 200 characters, on one line.");
    }

    /// <summary>Something, an @, something with no space in it; whether it can be written to, only a letter tells.</summary>
    private static bool IsAddress(string? email) =>
        email!.Trim() is { Length: >= 3 and <= 254 } address && address.IndexOf('@', StringComparison.Ordinal) is > 0 and var at && at == address.LastIndexOf('@')
        && at < address.Length - 1 && !address.Any(c => char.IsControl(c) || char.IsWhiteSpace(c));
}

internal sealed class LoginRequestValidator : AbstractValidator<LoginRequest>
{
    public LoginRequestValidator()
    {
        RuleFor(request => request.Email).NotEmpty().WithMessage("An e-mail address is required.")
            .Must(email => email is null || (email.Length <= 254 && !email.Any(char.IsControl))).WithMessage("This is not an e-mail address.");
        RuleFor(request => request.Password).NotEmpty().WithMessage("A password is required.")
            .MaximumLength(256).WithMessage("A password has at most 256 characters.");
    }
}
