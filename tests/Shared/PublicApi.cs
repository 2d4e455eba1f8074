using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace MlNetAlexNet.Tests;

/// <summary>
/// What a user of an assembly can see, a line a member, sorted: the text that a changed API changes. The files of
/// Microsoft.CodeAnalysis.PublicApiAnalyzers hold the same in twice the lines: they list the members that every record is
/// given, scatter those of a type by their modifiers, and do not say what a type derives from.
/// </summary>
internal static class PublicApi
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic |
        BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    // What the compiler gives every record says nothing of its own.
    private static readonly HashSet<string> s_ofEveryRecord =
    [
        "Equals", "GetHashCode", "ToString", "PrintMembers", "Deconstruct", "EqualityContract",
        "op_Equality", "op_Inequality",
    ];

    public static string Of(Assembly assembly) => string.Concat(
        from type in assembly.GetExportedTypes().OrderBy(type => type.FullName, StringComparer.Ordinal)
        from line in Lines(type)
        select line + "\n");

    private static IEnumerable<string> Lines(Type type)
    {
        yield return $"{Kind(type)} {type.Namespace}.{Name(type)}{Bases(type)}";
        var members = type.IsEnum
            ? Enum.GetNames(type).Select(name => $"{name} = {Enum.Parse(type, name):D}")
            : type.GetMembers(Declared).Select(Line).OfType<string>().Order(StringComparer.Ordinal);
        foreach (var member in members)
        {
            yield return "    " + member;
        }
    }

    private static string? Line(MemberInfo member) => member switch
    {
        _ when s_ofEveryRecord.Contains(member.Name) || member.Name.Contains('<') => null,
        ConstructorInfo constructor when IsSeen(constructor) && !IsCopy(constructor) =>
            $".ctor({Parameters(constructor)})",
        MethodInfo { IsSpecialName: true } method when !method.Name.StartsWith("op_", StringComparison.Ordinal) => null,
        MethodInfo method when IsSeen(method) =>
            $"{Static(method)}{NameOf(method.ReturnParameter)} {method.Name}({Parameters(method)})",
        PropertyInfo { GetMethod: { } get } property when IsSeen(get) =>
            $"{Static(get)}{NameOf(get.ReturnParameter)} {property.Name} {{ get;{Set(property.SetMethod)} }}",
        FieldInfo { IsPublic: true, IsLiteral: true } constant =>
            $"const {Name(constant.FieldType)} {constant.Name} = {Value(constant.GetRawConstantValue())}",
        FieldInfo { IsPublic: true } field => $"{Name(field.FieldType)} {field.Name}",
        EventInfo seen => $"event {Name(seen.EventHandlerType!)} {seen.Name}",
        _ => null,
    };

    private static bool IsSeen(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static bool IsCopy(ConstructorInfo constructor) =>
        constructor.GetParameters() is [var only] && only.ParameterType == constructor.DeclaringType;

    private static string Static(MethodInfo method) =>
        method.IsStatic ? "static " : method.IsAbstract ? "abstract " : "";

    private static string Set(MethodInfo? set) => set is null || !IsSeen(set) ? ""
        : set.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)) ? " init;" : " set;";

    private static string Parameters(MethodBase method)
    {
        var parameters = method.GetParameters().Select(parameter =>
            $"{NameOf(parameter)} {parameter.Name}" +
            (parameter.HasDefaultValue ? $" = {Value(parameter.RawDefaultValue)}" : ""));
        return (method.IsDefined(typeof(ExtensionAttribute)) ? "this " : "") + string.Join(", ", parameters);
    }

    private static string Value(object? value) => value switch
    {
        null => "default",
        string text => $"\"{text}\"",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    private static string Kind(Type type) => type switch
    {
        { IsEnum: true } => "enum",
        { IsInterface: true } => "interface",
        { IsValueType: true } => "struct",
        { IsAbstract: true, IsSealed: true } => "static class",
        { IsAbstract: true } => "abstract class",
        { IsSealed: true } => "sealed class",
        _ => "class",
    };

    private static string Bases(Type type)
    {
        var bases = type.GetInterfaces().Select(Name)
            .Where(name => !name.StartsWith("IEquatable", StringComparison.Ordinal)).Order(StringComparer.Ordinal);
        var parent = type.BaseType is { } other && other != typeof(object) && other != typeof(ValueType) ? other : null;
        var names = parent is null ? bases : bases.Prepend(Name(parent));
        return type.IsEnum || !names.Any() ? "" : " : " + string.Join(", ", names);
    }

    // The outermost type with its question mark; those of arguments and elements are not told.
    private static string NameOf(ParameterInfo parameter)
    {
        var mayBeNull = !parameter.ParameterType.IsValueType &&
            new NullabilityInfoContext().Create(parameter).ReadState == NullabilityState.Nullable;
        return Name(parameter.ParameterType) + (mayBeNull ? "?" : "");
    }

    private static string Name(Type type) => type switch
    {
        _ when Nullable.GetUnderlyingType(type) is { } value => Name(value) + "?",
        { IsArray: true } => Name(type.GetElementType()!) + "[]",
        { IsGenericType: true } =>
            $"{type.Name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>",
        { IsNested: true, IsGenericParameter: false } => $"{Name(type.DeclaringType!)}.{type.Name}",
        _ => type.Name,
    };
}
