using System.Diagnostics;
using Lekhika.Core.Workflows;

namespace Lekhika.Api.Errors;

/// <summary>Every way in which the Api says no. What belongs to somebody else does not exist.</summary>
internal static class Refusals
{
    public static Refusal CredentialRequired { get; } = new(401, "api_key_required", "An API key is required, in the header 'Authorization: Bearer LEKH-…' or 'X-API-Key'.");

    public static Refusal MalformedKey { get; } = new(401, "api_key_malformed", "This is not a whole API key: its form or its checksum is wrong. Was it copied completely?");

    public static Refusal UnknownKey { get; } = new(401, "api_key_invalid", "This API key is unknown, revoked or expired. Make a new one with POST /v1/keys.");

    public static Refusal TokenRequired { get; } = new(401, "access_token_required", "An access token is required, in the header 'Authorization: Bearer …'. POST /v1/auth/login gives one.");

    public static Refusal BadToken { get; } = new(401, "access_token_invalid", "The access token is not valid, or no longer. Log in again.");

    public static Refusal BadLogin { get; } = new(401, "login_failed", "The e-mail address or the password is wrong.");

    public static Refusal Forbidden { get; } = new(403, "forbidden", "This may not be done with these credentials.");

    public static Refusal NotFound { get; } = new(404, "not_found", "There is nothing at this address.");

    public static Refusal NoEngine { get; } = new(404, "engine_not_found", "You have no engine with this id. GET /engines-api/list names those you have.");

    public static Refusal NoExecution { get; } = new(404, "execution_not_found", "You have no execution with this id.");

    public static Refusal NoFile { get; } = new(404, "file_not_found", "You have no file with this id.");

    public static Refusal NoKey { get; } = new(404, "key_not_found", "You have no API key with this id.");

    public static Refusal WrongMethod { get; } = new(405, "method_not_allowed", "This address does not know the method; the header Allow names those it knows.");

    public static Refusal EmailTaken { get; } = new(409, "email_taken", "There is an account with this e-mail address. Log in instead.");

    public static Refusal TooManyKeys { get; } = new(409, "too_many_keys", "You have as many API keys as there may be. Revoke one first.");

    public static Refusal InactiveEngine { get; } = new(409, "engine_inactive", "This engine is switched off.");

    public static Refusal TooLarge { get; } = new(413, "body_too_large", "The body is larger than 1 MB.");

    public static Refusal WrongMediaType { get; } = new(415, "unsupported_media_type", "The body must be JSON, with the header 'Content-Type: application/json'.");

    public static Refusal KeyReused { get; } = new(422, "idempotency_key_reused", "This Idempotency-Key was used for another request. Use a new key for a new request.");

    public static Refusal BadIdempotencyKey { get; } = new(400, "idempotency_key_invalid", "An Idempotency-Key has 1 to 255 visible ASCII characters and stands in the request once.");

    public static Refusal Unavailable { get; } = new(503, "unavailable", "The service cannot answer at the moment. Try again shortly.") { RetryAfter = TimeSpan.FromSeconds(2) };

    public static Refusal MissingScope(string scope) => new(403, "scope_missing", $"This API key lacks the scope '{scope}'.") { Details = new { scope } };

    public static Refusal Malformed(string message) => new(400, "malformed_request", message);

    public static Refusal Invalid(IReadOnlyDictionary<string, string[]> errors) =>
        new(400, "validation_failed", string.Join(' ', errors.Take(3).Select(error => $"{error.Key}: {error.Value[0]}"))) { Details = errors };

    public static Refusal BadWorkflow(IReadOnlyList<WorkflowFault> faults) =>
        new(422, "workflow_invalid", "The engine's workflow cannot run. " + string.Join(' ', faults.Take(3).Select(fault => fault.Message))) { Details = new { faults } };

    public static Refusal TooMany(TimeSpan? retryAfter) =>
        new(429, "too_many_requests", "Too many requests. The header Retry-After says when to try again.") { RetryAfter = retryAfter ?? TimeSpan.FromSeconds(1) };

    public static Refusal Internal() =>
        new(500, "internal", "Something went wrong on our side. It was recorded.") { Details = new { traceId = Activity.Current?.TraceId.ToString() } };

    /// <summary>The refusal of a status that the framework sets without a body.</summary>
    public static Refusal OfStatus(int status) => status switch
    {
        404 => NotFound,
        405 => WrongMethod,
        413 => TooLarge,
        415 => WrongMediaType,
        >= 500 => Internal(),
        _ => new(status, "refused", "The request was refused."),
    };
}
