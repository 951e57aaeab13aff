using FluentValidation;
using Lekhika.Api.Errors;
using Lekhika.Api.Keys;
using Lekhika.Api.OpenApi;
using Lekhika.Persistence.Identity;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;

namespace Lekhika.Api.Auth;

/// <summary>Accounts and sessions.</summary>
internal static class AuthEndpoints
{
    public static void AddAuth(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<AccessTokenOptions>().BindConfiguration("Auth")
            .Validate(
                options => options.SigningKey is null or { Length: 0 or >= 32 } && options.PreviousSigningKey is null or { Length: 0 or >= 32 },
                "The settings Auth:SigningKey and Auth:PreviousSigningKey must have at least 32 characters.")
            .ValidateOnStart();
        // OWASP's figure for PBKDF2 with HMAC-SHA-512 (Password Storage Cheat Sheet); the hash says its own, so it can grow.
        builder.Services.Configure<PasswordHasherOptions>(options => options.IterationCount = 210_000);
        builder.Services.AddSingleton<IPasswordHasher<User>, PasswordHasher<User>>();
        builder.Services.AddSingleton<Passwords>();
        builder.Services.AddSingleton<AccessTokens>();
        builder.Services.AddSingleton<LoginThrottle>();
        builder.Services.AddSingleton<IValidator<RegisterRequest>, RegisterRequestValidator>();
        builder.Services.AddSingleton<IValidator<LoginRequest>, LoginRequestValidator>();
        builder.Services.AddAuthorization();
        builder.Services.AddAuthentication()
            .AddScheme<AuthenticationSchemeOptions, AccessTokenAuthentication>(AccessTokenAuthentication.Scheme, null)
            .AddScheme<AuthenticationSchemeOptions, ApiKeyAuthentication>(ApiKeyAuthentication.Scheme, null);
    }

    public static void MapAuth(this IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/v1/auth").WithTags("Auth").AllowAnonymous().ValidateArguments();
        group.MapPost("/register", Register).WithName("register").WithSummary("Make an account")
            .WithDescription("The account can run a copy of every default engine at once.").Refuses(400, 409, 413, 415, 429);
        group.MapPost("/login", LogIn).WithName("logIn").WithSummary("Log in").Refuses(400, 401, 413, 415, 429);
    }

    private static async Task<Results<Created<SessionResponse>, Refusal>> Register(
        RegisterRequest request, HttpContext context, LoginThrottle throttle, UserStore users, Passwords passwords, AccessTokens tokens, CancellationToken cancellationToken)
    {
        var user = new User(Guid.CreateVersion7(), request.Email!.Trim(), request.FullName?.Trim() ?? "");
        if (throttle.Refuses(context, user.Email) is { } wait)
        {
            return Refusals.TooMany(wait);
        }

        return await users.AddAsync(user, passwords.Hash(user, request.Password!), cancellationToken)
            ? TypedResults.Created((string?)null, Session(user, tokens))
            : Refusals.EmailTaken;
    }

    private static async Task<Results<Ok<SessionResponse>, Refusal>> LogIn(
        LoginRequest request, HttpContext context, LoginThrottle throttle, UserStore users, Passwords passwords, AccessTokens tokens, CancellationToken cancellationToken)
    {
        if (throttle.Refuses(context, request.Email!) is { } wait)
        {
            return Refusals.TooMany(wait);
        }

        var login = await users.FindAsync(request.Email!.Trim(), cancellationToken);
        var (right, isOld) = passwords.Check(login, request.Password!);
        if (!right)
        {
            return Refusals.BadLogin;
        }

        if (isOld)
        {
            await users.SetPasswordHashAsync(login!.User.Id, passwords.Hash(login.User, request.Password!), cancellationToken);
        }

        return TypedResults.Ok(Session(login!.User, tokens));
    }

    private static SessionResponse Session(User user, AccessTokens tokens)
    {
        var token = tokens.Issue(user.Id);
        return new(new SessionUser(user.Id, user.Email, user.FullName), token.Text, token.ExpiresAt);
    }
}
