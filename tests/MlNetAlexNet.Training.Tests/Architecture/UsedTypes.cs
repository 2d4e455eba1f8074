using System.Buffers.Binary;
using System.Reflection;
using System.Reflection.Emit;

namespace MlNetAlexNet.Training.Tests.Architecture;

/// <summary>
/// Every type that a type names in its own metadata and instructions: bases, attributes, signatures, locals, and what
/// its methods call, create or read.
/// </summary>
internal static class UsedTypes
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic |
        BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<short, OpCode> s_opCodes = typeof(OpCodes).GetFields()
        .Select(field => (OpCode)field.GetValue(null)!).ToDictionary(code => code.Value);

    public static IReadOnlySet<Type> Of(Type type) => new HashSet<Type>(
        Named(type).SelectMany(Parts).Where(used => !used.IsGenericParameter));

    private static IEnumerable<Type> Named(Type type) =>
    [
        .. type.BaseType is { } parent ? [parent] : Type.EmptyTypes,
        .. type.GetInterfaces(),
        .. type.CustomAttributes.Select(attribute => attribute.AttributeType),
        .. type.GetFields(Declared).Select(field => field.FieldType),
        .. type.GetMembers(Declared).SelectMany(member => member.CustomAttributes).Select(mark => mark.AttributeType),
        .. type.GetMethods(Declared).SelectMany(method => (Type[])[method.ReturnType, .. OfMethod(method)]),
        .. type.GetConstructors(Declared).SelectMany(OfMethod),
    ];

    private static IEnumerable<Type> OfMethod(MethodBase method) =>
    [
        .. method.GetParameters().Select(parameter => parameter.ParameterType),
        .. method.GetMethodBody() is { } body
            ? body.LocalVariables.Select(local => local.LocalType)
                .Concat(OfInstructions(method, body.GetILAsByteArray()!))
            : [],
    ];

    // ECMA-335, partition III: an operation code of one byte, or two after 0xFE, then its operand.
    private static IEnumerable<Type> OfInstructions(MethodBase method, byte[] code)
    {
        var typeArguments = method.DeclaringType!.IsGenericType ? method.DeclaringType.GetGenericArguments() : null;
        var methodArguments = method.IsGenericMethod ? method.GetGenericArguments() : null;
        for (var at = 0; at < code.Length;)
        {
            var value = code[at] == 0xFE ? (short)(0xFE00 | code[at + 1]) : code[at];
            var operation = s_opCodes[value];
            at += operation.Size;
            var operand = operation.OperandType;
            if (IsMember(operand))
            {
                var token = BinaryPrimitives.ReadInt32LittleEndian(code.AsSpan(at));
                foreach (var type in OfMember(method.Module.ResolveMember(token, typeArguments, methodArguments)!))
                {
                    yield return type;
                }
            }

            at += operand switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + 4 * BinaryPrimitives.ReadInt32LittleEndian(code.AsSpan(at)),
                _ => 4,
            };
        }
    }

    private static bool IsMember(OperandType operand) => operand
        is OperandType.InlineMethod or OperandType.InlineField or OperandType.InlineType or OperandType.InlineTok;

    private static IEnumerable<Type> OfMember(MemberInfo member) => member switch
    {
        Type type => [type],
        MethodInfo { IsGenericMethod: true } method => [method.DeclaringType!, .. method.GetGenericArguments()],
        _ => [member.DeclaringType!],
    };

    private static IEnumerable<Type> Parts(Type type) =>
    [
        type,
        .. type.HasElementType ? Parts(type.GetElementType()!) : [],
        .. type.IsGenericType ? type.GetGenericArguments().SelectMany(Parts) : [],
    ];
}
