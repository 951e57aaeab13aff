using System.Diagnostics;
using Lekhika.Core.Executions;
using Lekhika.Core.Exports;
using Lekhika.Core.Policies;
using Lekhika.Core.Prompts;
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

    public static Refusal NoVersion { get; } = new(404, "workflow_version_not_found", "There is no version of a workflow with this id that you could use here. GET /v1/engines/{id}/workflow/versions names an engine's.");

    public static Refusal NoFile { get; } = new(404, "file_not_found", "You have no file with this id.");

    public static Refusal BadLink { get; } = new(403, "link_invalid", "This link cannot be used: it was changed or cut off on its way, or was taken back. Ask for a new one.");

    public static Refusal LinkEnded { get; } = new(410, "link_ended", "This link has ended. Whoever gave it to you can make a new one.");

    public static Refusal DamagedFile { get; } = new(500, "file_damaged", "The stored bytes of this file are damaged or gone, so nothing of it was sent; it was recorded for the operators. POST /v1/executions/{id}/files makes the file again.");

    public static Refusal StorageAway { get; } = new(503, "storage_unavailable", "The store that keeps this file cannot be used at the moment. Try again shortly.") { RetryAfter = TimeSpan.FromSeconds(10) };

    public static Refusal NoChapter { get; } = new(404, "chapter_not_found", "This execution has no such chapter, or no such version of it. GET /v1/executions/{id}/chapters names those it has.");

    public static Refusal NoLetter { get; } = new(404, "dead_letter_not_found", "You have no dead letter with this id.");

    public static Refusal NoKey { get; } = new(404, "key_not_found", "You have no API key with this id.");

    public static Refusal NoProvider { get; } = new(404, "provider_not_found", "You see no provider with this id. GET /v1/providers names those there are.");

    public static Refusal NoModel { get; } = new(404, "model_not_found", "You see no model with this id. GET /v1/providers/{id}/models names a provider's.");

    public static Refusal NoPreference { get; } = new(404, "preference_not_found", "There is no preference for exactly this role, tier and task.");

    public static Refusal NoPrompt { get; } = new(404, "prompt_not_found", $"There is no prompt of this kind; the kinds are {string.Join(", ", PromptTexts.Kinds)}.");

    public static Refusal NoTheme { get; } = new(404, "theme_not_found", Theme.NotThere);

    public static Refusal BuiltInTheme { get; } = new(409, "theme_built_in", "This theme comes with Lekhika and does not change. Make one of your own that stands over it: POST /v1/themes with its id as baseTheme.");

    public static Refusal TooManyThemes { get; } = new(409, "too_many_themes", "You have as many themes as there may be. Remove one first.");

    public static Refusal AdminRequired { get; } = new(403, "admin_required", "What is the platform's is managed by administrators.");

    public static Refusal NameTaken { get; } = new(409, "name_taken", "There is one of this name already. Change it, or take another name.");

    public static Refusal TooManyProviders { get; } = new(409, "too_many_providers", "You have as many providers as there may be. Remove one first.");

    public static Refusal TooManyModels { get; } = new(409, "too_many_models", "You have as many models as there may be. Remove one first.");

    public static Refusal TooManyPreferences { get; } = new(409, "too_many_preferences", "You have as many preferences as there may be. Remove one first.");

    public static Refusal SecretSet { get; } = new(409, "secret_set", "The provider's key was given for its present address. Remove the key, change the address, then set the key for the new one.");

    public static Refusal RowConflict { get; } = new(412, "version_conflict", "Somebody has changed it since you read it. Read it again, and put your change on top of what is there now.");

    public static Refusal SecretsNotConfigured { get; } = new(503, "secrets_not_configured", "Secrets (keys of providers, keys that sign links) cannot be kept here at the moment. The operator gives the service the master key in LEKHIKA_SECRETS_KEY or LEKHIKA_SECRETS_KEY_FILE (docs/operations.md, \"Provider keys\").");

    public static Refusal WrongMethod { get; } = new(405, "method_not_allowed", "This address does not know the method; the header Allow names those it knows.");

    public static Refusal EmailTaken { get; } = new(409, "email_taken", "There is an account with this e-mail address. Log in instead.");

    public static Refusal TooManyKeys { get; } = new(409, "too_many_keys", "You have as many API keys as there may be. Revoke one first.");

    public static Refusal InactiveEngine { get; } = new(409, "engine_inactive", "This engine is switched off.");

    public static Refusal VersionConflict { get; } = new(412, "version_conflict", "Somebody has changed the workflow since you read it. Read it again, and put your change on top of what is there now.");

    public static Refusal BadVersionTag { get; } = new(400, "version_tag_invalid", "The header If-Match names one version as the header ETag of an answer gave it, or '*'.");

    public static Refusal TooManyStreams { get; } = new(429, "too_many_streams", "You follow as many executions as one may at once. End a stream before you open another.") { RetryAfter = TimeSpan.FromSeconds(5) };

    public static Refusal TooLarge { get; } = new(413, "body_too_large", "The body is larger than 1 MB.");

    public static Refusal WrongMediaType { get; } = new(415, "unsupported_media_type", "The body must be JSON, with the header 'Content-Type: application/json'.");

    public static Refusal KeyReused { get; } = new(422, "idempotency_key_reused", "This Idempotency-Key was used for another request. Use a new key for a new request.");

    public static Refusal BadIdempotencyKey { get; } = new(400, "idempotency_key_invalid", "An Idempotency-Key has 1 to 255 visible ASCII characters and stands in the request once.");

    public static Refusal Unavailable { get; } = new(503, "unavailable", "The service cannot answer at the moment. Try again shortly.") { RetryAfter = TimeSpan.FromSeconds(2) };

    public static Refusal MissingScope(string scope) => new(403, "scope_missing", $"This API key lacks the scope '{scope}'.") { Details = new { scope } };

    public static Refusal Malformed(string message) => new(400, "malformed_request", message);

    public static Refusal Invalid(IReadOnlyDictionary<string, string[]> errors) =>
        new(400, "validation_failed", string.Join(' ', errors.Take(3).Select(error => $"{error.Key}: {error.Value[0]}"))) { Details = errors };

    public static Refusal NoSuchTheme(string field) => Invalid(new Dictionary<string, string[]>(StringComparer.Ordinal) { [field] = [Theme.NotThere] });

    public static Refusal BadWorkflow(IReadOnlyList<WorkflowFault> faults) =>
        new(422, "workflow_invalid", "The engine's workflow cannot run. " + string.Join(' ', faults.Take(3).Select(fault => fault.Message))) { Details = new { faults } };

    public static Refusal UnknownModels(IReadOnlyList<string> models) =>
        new(422, "models_unknown", $"There is no such model that could be used here: {string.Join(", ", models.Take(3))}.") { Details = new { models } };

    public static Refusal ContentRefused(ContentRefusal refusal) => ContentRefused(refusal.Message, refusal.Field, refusal.Finding.Category);

    public static Refusal ContentRefused(string message, string field, string category) => new(422, "content_refused", message) { Details = new { field, category } };

    public static Refusal FileRemoved(Guid executionId, DateTime removedAt) =>
        new(410, "file_removed", $"This file was removed on {removedAt:yyyy-MM-dd}, as the rule for old files says. POST /v1/executions/{executionId}/files makes it again from the book that is kept.");

    public static Refusal NoPreview(string message) => new(404, "preview_not_found", message);

    public static Refusal NotAllowed(RunStatus state, string message) => new(409, "not_allowed_in_state", message) { Details = new { state = state.Word() } };

    public static Refusal PreviewNotWaiting(string message) => new(409, "preview_not_waiting", message);

    public static Refusal AttemptsUsedUp(string message) => new(409, "attempts_used_up", message);

    public static Refusal GenerationsUsedUp(string message) => new(409, "generations_used_up", message);

    public static Refusal NoBook(string message) => new(409, "no_book", message);

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
