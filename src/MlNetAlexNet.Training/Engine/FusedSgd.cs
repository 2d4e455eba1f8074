using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace MlNetAlexNet.Training.Engine;

/// <summary>
/// The update of <see cref="Sgd"/> on the CPU: gradient, momentum, master and computing copy are each read and written
/// once, on all cores. Torch's operators pass over memory five times, a third of a step for 58 million weights.
/// </summary>
internal static unsafe class FusedSgd
{
    // Large enough that a core's share outweighs starting it, small enough to keep the cores evenly busy.
    private const int Chunk = 1 << 16;

    /// <param name="parameter">On the CPU. Its master, momentum and computing copy are changed.</param>
    /// <param name="gradient">Of the computing copy, in its shape and format; in any memory order.</param>
    /// <param name="rate">Learning rate.</param>
    /// <param name="momentum">Of the momentum.</param>
    /// <param name="decay">Weight decay.</param>
    public static void Update(TorchParameter parameter, Tensor gradient, float rate, float momentum, float decay)
    {
        var count = (int)parameter.Master.numel();
        var master = Pointer<float>(parameter.Master);
        var velocity = Pointer<float>(parameter.Momentum);
        var inPlace = ReferenceEquals(parameter.Compute, parameter.Master);
        var singleGradient = inPlace ? Pointer<float>(gradient) : null;
        var halfGradient = inPlace ? null : Pointer<ushort>(gradient);
        var compute = inPlace ? null : Pointer<ushort>(parameter.Compute);
        Parallel.For(0, (count + Chunk - 1) / Chunk, chunk =>
        {
            var start = chunk * Chunk;
            var length = Math.Min(Chunk, count - start);
            var w = new Span<float>(master + start, length);
            var v = new Span<float>(velocity + start, length);
            if (inPlace)
            {
                Single(w, v, new Span<float>(singleGradient + start, length), rate, momentum, decay);
            }
            else
            {
                Half(
                    w, v, new Span<ushort>(halfGradient + start, length), new Span<ushort>(compute + start, length),
                    rate, momentum, decay);
            }
        });
    }

    private static void Single(Span<float> w, Span<float> v, Span<float> g, float rate, float momentum, float decay)
    {
        var vectors = w.Length - w.Length % Vector<float>.Count;
        for (var i = 0; i < vectors; i += Vector<float>.Count)
        {
            var weight = new Vector<float>(w[i..]);
            var next = new Vector<float>(v[i..]) * momentum + (new Vector<float>(g[i..]) + weight * decay);
            next.CopyTo(v[i..]);
            (weight - next * rate).CopyTo(w[i..]);
        }

        for (var i = vectors; i < w.Length; i++)
        {
            v[i] = v[i] * momentum + (g[i] + w[i] * decay);
            w[i] -= v[i] * rate;
        }
    }

    private static void Half(
        Span<float> w, Span<float> v, Span<ushort> g, Span<ushort> copy, float rate, float momentum, float decay)
    {
        var step = Vector<ushort>.Count;
        var vectors = w.Length - w.Length % step;
        for (var i = 0; i < vectors; i += step)
        {
            Vector.Widen(new Vector<ushort>(g[i..]), out var low, out var high);
            var first = Advance(w[i..], v[i..], low, rate, momentum, decay);
            var second = Advance(w[(i + step / 2)..], v[(i + step / 2)..], high, rate, momentum, decay);
            Vector.Narrow(first, second).CopyTo(copy[i..]);
        }

        for (var i = vectors; i < w.Length; i++)
        {
            v[i] = v[i] * momentum + (BitConverter.UInt32BitsToSingle((uint)g[i] << 16) + w[i] * decay);
            w[i] -= v[i] * rate;
            copy[i] = (ushort)(Round(BitConverter.SingleToUInt32Bits(w[i])) >> 16);
        }
    }

    // The upper half of a float is a bfloat16.
    private static Vector<uint> Advance(
        Span<float> w, Span<float> v, Vector<uint> half, float rate, float momentum, float decay)
    {
        var weight = new Vector<float>(w);
        var gradient = Vector.AsVectorSingle(Vector.ShiftLeft(half, 16));
        var next = new Vector<float>(v) * momentum + (gradient + weight * decay);
        next.CopyTo(v);
        weight -= next * rate;
        weight.CopyTo(w);
        var bits = Vector.AsVectorUInt32(weight);
        var odd = Vector.ShiftRightLogical(bits, 16) & Vector<uint>.One;
        return Vector.ShiftRightLogical(bits + odd + new Vector<uint>(0x7FFF), 16);
    }

    // To nearest, ties to even.
    private static uint Round(uint bits) => bits + ((bits >> 16) & 1) + 0x7FFF;

    // To all elements in the order of ChannelsLast: to the tensor's own memory where it has it, as all but a gradient.
    private static T* Pointer<T>(Tensor tensor)
        where T : unmanaged => (T*)Unsafe.AsPointer(
            ref MemoryMarshal.GetReference(ChannelsLast.ToMemoryOrder(tensor).bytes));
}
