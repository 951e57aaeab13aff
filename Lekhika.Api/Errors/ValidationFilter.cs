using System.Text.Json;
using FluentValidation;

namespace Lekhika.Api.Errors;

/// <summary>Checks each argument of a group's handlers that has a registered validator, before the handler runs.</summary>
internal static class ValidationFilter
{
    public static TBuilder ValidateArguments<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder =>
        builder.AddEndpointFilterFactory((factory, next) =>
        {
            var validators = factory.MethodInfo.GetParameters()
                .Select((parameter, index) => (Index: index, Validator: (IValidator?)factory.ApplicationServices.GetService(typeof(IValidator<>).MakeGenericType(parameter.ParameterType))))
                .Where(pair => pair.Validator is not null)
                .ToList();
            return validators.Count == 0 ? next : async invocation =>
            {
                foreach (var (index, validator) in validators)
                {
                    var argument = invocation.Arguments[index];
                    var result = await validator!.ValidateAsync(new ValidationContext<object?>(argument), invocation.HttpContext.RequestAborted);
                    if (!result.IsValid)
                    {
                        return Refusals.Invalid(result.Errors.GroupBy(error => Name(error.PropertyName)).ToDictionary(
                            errors => errors.Key, errors => errors.Select(error => error.ErrorMessage).ToArray()));
                    }
                }

                return await next(invocation);
            };
        });

    private static string Name(string property) =>
        string.Join('.', property.Split('.').Select(JsonNamingPolicy.CamelCase.ConvertName));
}
