using FluentValidation;
using Lekhika.Api.Http;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Diagnostics;

namespace Lekhika.Api.Errors;

internal static class ErrorServices
{
    public static IServiceCollection AddErrors(this IServiceCollection services)
    {
        services.AddSingleton<IAuthorizationMiddlewareResultHandler, AuthorizationRefusals>();
        services.AddSingleton<IValidator<PageQuery>, PageQueryValidator>();
        services.AddExceptionHandler<ExceptionResponses>();
        // Else bad JSON is answered without a body outside of development.
        services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        return services;
    }

    /// <summary>From here on every error has a body, also those of routing.</summary>
    public static void UseErrors(this WebApplication app)
    {
        app.UseExceptionHandler(static _ => { });
        app.UseStatusCodePages(new StatusCodePagesOptions
        {
            HandleAsync = page => Refusals.OfStatus(page.HttpContext.Response.StatusCode).ExecuteAsync(page.HttpContext),
        });
    }
}
