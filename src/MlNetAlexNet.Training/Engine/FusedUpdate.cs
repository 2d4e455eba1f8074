using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace MlNetAlexNet.Training.Engine;

/// <summary>What an optimizer makes of a few weights.</summary>
internal interface IUpdateRule
{
    /// <summary>Values that are kept of each weight from step to step: 1 or 2.</summary>
    static abstract int States { get; }

    /// <summary>The weights after the step.</summary>
    /// <param name="weight">Before it.</param>
    /// <param name="gradient">Of them.</param>
    /// <param name="first">What is kept of them; changed.</param>
    /// <param name="second">Likewise, where there are two.</param>
    Vector<float> Update(
        Vector<float> weight, Vector<float> gradient, ref Vector<float> first, ref Vector<float> second);
}

/// <summary>
/// A rule applied on the CPU: gradient, states, master and computing copy are each read and written once, on all cores.
/// Torch's operators pass over memory five times and more, a third of a step for 58 million weights.
/// </summary>
internal static unsafe class FusedUpdate
{
    // Large enough that a core's share outweighs starting it, small enough to keep the cores evenly busy. Whole vectors.
    private const int Chunk = 1 << 16;

    /// <param name="parameter">On the CPU. Its master and computing copy are changed.</param>
    /// <param name="gradient">Of the computing copy, in its shape and format; in any memory order.</param>
    /// <param name="states">As many as the rule keeps, like the master; changed.</param>
    /// <param name="rule">What is done.</param>
    public static void Apply<TRule>(
        TorchParameter parameter, Tensor gradient, IReadOnlyList<Tensor> states, TRule rule)
        where TRule : struct, IUpdateRule
    {
        var count = (int)parameter.Master.numel();
        var master = Pointer<float>(parameter.Master);
        var first = Pointer<float>(states[0]);
        var second = TRule.States > 1 ? Pointer<float>(states[1]) : null;
        var inPlace = ReferenceEquals(parameter.Compute, parameter.Master);
        var singleGradient = inPlace ? Pointer<float>(gradient) : null;
        var halfGradient = inPlace ? null : Pointer<ushort>(gradient);
        var copy = inPlace ? null : Pointer<ushort>(parameter.Compute);
        Parallel.For(0, (count + Chunk - 1) / Chunk, chunk =>
        {
            var start = chunk * Chunk;
            var length = Math.Min(Chunk, count - start);
            var states = new States(
                new(master + start, length),
                new(first + start, length),
                second is null ? default : new(second + start, length));
            if (inPlace)
                Single(states, new(singleGradient + start, length), rule);
            else
                Half(states, new(halfGradient + start, length), new(copy + start, length), rule);
        });
    }

    private static void Single<TRule>(States states, ReadOnlySpan<float> gradient, TRule rule)
        where TRule : struct, IUpdateRule
    {
        for (var i = 0; i < gradient.Length; i += Vector<float>.Count)
            Advance(states, i, Load(gradient, i), rule);
    }

    // The upper half of a float is a bfloat16.
    private static void Half<TRule>(States states, ReadOnlySpan<ushort> gradient, Span<ushort> copy, TRule rule)
        where TRule : struct, IUpdateRule
    {
        for (var i = 0; i < gradient.Length; i += Vector<ushort>.Count)
        {
            Vector.Widen(Load(gradient, i), out var low, out var high);
            var lower = Advance(states, i, Widen(low), rule);
            var next = i + Vector<float>.Count;
            var upper = next < gradient.Length ? Advance(states, next, Widen(high), rule) : default;
            Store(Vector.Narrow(Round(lower), Round(upper)), copy, i);
        }
    }

    private static Vector<float> Advance<TRule>(States states, int i, Vector<float> gradient, TRule rule)
        where TRule : struct, IUpdateRule
    {
        var first = Load<float>(states.First, i);
        var second = TRule.States > 1 ? Load<float>(states.Second, i) : default;
        var weight = rule.Update(Load<float>(states.Master, i), gradient, ref first, ref second);
        Store(weight, states.Master, i);
        Store(first, states.First, i);
        if (TRule.States > 1)
            Store(second, states.Second, i);
        return weight;
    }

    private static Vector<float> Widen(Vector<uint> half) => Vector.AsVectorSingle(Vector.ShiftLeft(half, 16));

    // To nearest, ties to even.
    private static Vector<uint> Round(Vector<float> values)
    {
        var bits = Vector.AsVectorUInt32(values);
        var odd = Vector.ShiftRightLogical(bits, 16) & Vector<uint>.One;
        return Vector.ShiftRightLogical(bits + odd + new Vector<uint>(0x7FFF), 16);
    }

    // The last vector of a weight may be cut short; what is missing counts 0.
    private static Vector<T> Load<T>(ReadOnlySpan<T> values, int start)
        where T : unmanaged
    {
        if (values.Length - start >= Vector<T>.Count)
            return new Vector<T>(values[start..]);

        Span<T> whole = stackalloc T[Vector<T>.Count];
        whole.Clear();
        values[start..].CopyTo(whole);
        return new Vector<T>(whole);
    }

    private static void Store<T>(Vector<T> vector, Span<T> values, int start)
        where T : unmanaged
    {
        if (values.Length - start >= Vector<T>.Count)
        {
            vector.CopyTo(values[start..]);
            return;
        }

        Span<T> whole = stackalloc T[Vector<T>.Count];
        vector.CopyTo(whole);
        whole[..(values.Length - start)].CopyTo(values[start..]);
    }

    // To all elements in the order of ChannelsLast: to the tensor's own memory where it has it, as all but a gradient.
    private static T* Pointer<T>(Tensor tensor)
        where T : unmanaged => (T*)Unsafe.AsPointer(
            ref MemoryMarshal.GetReference(ChannelsLast.ToMemoryOrder(tensor).bytes));

    private readonly ref struct States(Span<float> master, Span<float> first, Span<float> second)
    {
        public readonly Span<float> Master = master;
        public readonly Span<float> First = first;
        public readonly Span<float> Second = second;
    }
}
