using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetAlexNet.Models;

namespace MlNetAlexNet.Training.Data;

/// <summary>A key column as class numbers from 0, and its key values as class names.</summary>
internal static class LabelColumn
{
    /// <summary>The names of the classes, in key order.</summary>
    /// <exception cref="AlexNetException">The column is missing, is no key, or its key has no values.</exception>
    public static IReadOnlyList<string> ReadClasses(DataViewSchema schema, string column)
    {
        if (schema.GetColumnOrNull(column) is not { } found)
        {
            throw new AlexNetException($"The data has no column '{column}' to learn.");
        }

        var annotation = found.Annotations.Schema.GetColumnOrNull("KeyValues");
        if (found.Type is not KeyDataViewType || annotation is not { Type: VectorDataViewType { ItemType: var item } })
        {
            throw new AlexNetException(
                $"Column '{column}' is {found.Type} and does not name its classes; it must be a key with key values. "
                + $"Make it with ml.Transforms.Conversion.MapValueToKey(\"{column}\").");
        }

        return CanonicalForms.Compose(item.RawType == typeof(ReadOnlyMemory<char>) ? Names<ReadOnlyMemory<char>>(found)
            : item.RawType == typeof(bool) ? Names<bool>(found)
            : item.RawType == typeof(byte) ? Names<byte>(found)
            : item.RawType == typeof(sbyte) ? Names<sbyte>(found)
            : item.RawType == typeof(short) ? Names<short>(found)
            : item.RawType == typeof(ushort) ? Names<ushort>(found)
            : item.RawType == typeof(int) ? Names<int>(found)
            : item.RawType == typeof(uint) ? Names<uint>(found)
            : item.RawType == typeof(long) ? Names<long>(found)
            : item.RawType == typeof(ulong) ? Names<ulong>(found)
            : item.RawType == typeof(float) ? Names<float>(found)
            : item.RawType == typeof(double) ? Names<double>(found)
            : throw new AlexNetException($"The key values of column '{column}' are {item}; use text or numbers."));
    }

    /// <summary>Reads the class of the cursor's row as its number in <paramref name="classes"/>.</summary>
    /// <exception cref="AlexNetException">The column names a class that is not among them, or a row has no class.</exception>
    public static Func<int> CreateGetter(
        DataViewRowCursor cursor, DataViewSchema.Column column, IReadOnlyList<string> classes)
    {
        var numbers = classes.Select((name, number) => (name, number)).ToDictionary(pair => pair.name, pair => pair.number);
        var map = ReadClasses(cursor.Schema, column.Name).Select(name => numbers.GetValueOrDefault(name, -1)).ToArray();
        var names = ReadClasses(cursor.Schema, column.Name);
        var getKey = CreateKeyGetter(cursor, column);
        return () =>
        {
            var key = getKey();
            if (key == 0)
            {
                throw new AlexNetException(
                    $"Row {cursor.Position} has no '{column.Name}'. Every picture to learn from needs one of: "
                    + $"{string.Join(", ", classes)}.");
            }

            return map[key - 1] >= 0 ? map[key - 1] : throw new AlexNetException(
                $"Row {cursor.Position} is of class '{names[(int)key - 1]}', which the training pictures lack. "
                + $"Known: {string.Join(", ", classes)}.");
        };
    }

    private static Func<ulong> CreateKeyGetter(DataViewRowCursor cursor, DataViewSchema.Column column)
    {
        var type = column.Type.RawType;
        return type == typeof(byte) ? Widen<byte>(cursor, column, key => key)
            : type == typeof(ushort) ? Widen<ushort>(cursor, column, key => key)
            : type == typeof(uint) ? Widen<uint>(cursor, column, key => key)
            : Widen<ulong>(cursor, column, key => key);
    }

    private static Func<ulong> Widen<T>(DataViewRowCursor cursor, DataViewSchema.Column column, Func<T, ulong> widen)
        where T : struct
    {
        var getter = cursor.GetGetter<T>(column);
        return () =>
        {
            var key = default(T);
            getter(ref key);
            return widen(key);
        };
    }

    private static string[] Names<T>(DataViewSchema.Column column)
    {
        var values = default(VBuffer<T>);
        column.GetKeyValues(ref values);
        return [.. values.DenseValues().Select(value => Convert.ToString((object?)value, CultureInfo.InvariantCulture)!)];
    }
}
