using System.Reflection;

namespace Lekhika.AppHost.Tests.Surface;

/// <summary>An assembly's public and protected members below the namespace Aspire, one line each, as a C# reader would write them.</summary>
internal static class PublicSurface
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    public static IReadOnlyList<string> Of(Assembly assembly) =>
        [.. assembly.GetExportedTypes().Where(type => type.Namespace?.StartsWith("Aspire", StringComparison.Ordinal) == true).SelectMany(MembersOf).Distinct().Order(StringComparer.Ordinal)];

    private static IEnumerable<string> MembersOf(Type type)
    {
        yield return Name(type);
        foreach (var method in type.GetMethods(Declared).Where(method => IsVisible(method) && !method.IsSpecialName))
        {
            var generic = method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(Constraint))}>" : "";
            yield return $"{Name(type)}.{method.Name}{generic}({Parameters(method)}) : {Name(method.ReturnType)}";
        }

        foreach (var constructor in type.GetConstructors(Declared).Where(IsVisible))
        {
            yield return $"{Name(type)}({Parameters(constructor)})";
        }

        foreach (var property in type.GetProperties(Declared))
        {
            foreach (var accessor in property.GetAccessors(nonPublic: true).Where(IsVisible))
            {
                yield return $"{Name(type)}.{property.Name} : {Name(property.PropertyType)} {(accessor.ReturnType == typeof(void) ? "set" : "get")}";
            }
        }

        foreach (var field in type.GetFields(Declared).Where(field => field.IsPublic && !field.IsSpecialName))
        {
            yield return $"{Name(type)}.{field.Name}{(field.IsLiteral ? $" = {field.GetRawConstantValue()}" : "")}";
        }
    }

    private static bool IsVisible(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(parameter =>
        $"{Name(parameter.ParameterType)} {parameter.Name}{(parameter.HasDefaultValue ? $" = {parameter.RawDefaultValue ?? "default"}" : "")}"));

    private static string Constraint(Type argument) =>
        argument.GetGenericParameterConstraints() is { Length: > 0 } constraints ? $"{argument.Name} : {string.Join(" & ", constraints.Select(Name).Order(StringComparer.Ordinal))}" : argument.Name;

    private static string Name(Type type)
    {
        if (type.IsByRef)
        {
            return "in " + Name(type.GetElementType()!);
        }

        if (type.IsGenericParameter)
        {
            return type.Name;
        }

        var plain = type.Name.Split('`')[0];
        var full = type.IsNested ? $"{Name(type.DeclaringType!)}.{plain}" : plain;
        return type.IsGenericType ? $"{full}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>" : full;
    }
}
