using System.Buffers.Binary;

namespace MlNetAlexNet.Faults.Mutants;

/// <summary>Changes that know nothing of what the bytes mean.</summary>
internal static class ByteChanges
{
    private static readonly long[] s_numbers = [0, -1, 1, int.MaxValue, int.MinValue, short.MaxValue, 0x7FFF_FFFF_FFFF_FFFF, 256];

    /// <summary>One to four of them, one after the other.</summary>
    public static byte[] Apply(byte[] whole, Random random)
    {
        var bytes = whole;
        for (var changes = random.Next(1, 4); changes > 0 && bytes.Length > 8; changes--)
            bytes = Change(bytes, random);
        return bytes;
    }

    private static byte[] Change(byte[] bytes, Random random)
    {
        var at = At(bytes, random);
        switch (random.Next(6))
        {
            case 0:
                return Flip(bytes, at, random);
            case 1:
                return bytes[..at];
            case 2:
                var inserted = new byte[random.Next(1, 64)];
                random.NextBytes(inserted);
                return [.. bytes[..at], .. inserted, .. bytes[at..]];
            case 3:
                return Swap(bytes, random);
            case 4:
                return [.. bytes[..at], .. bytes[Math.Min(bytes.Length, at + random.Next(1, 64))..]];
            default:
                return SetNumber(bytes, at, random);
        }
    }

    // Headers are small and decide most: every other change is there.
    private static int At(byte[] bytes, Random random) =>
        random.Next(random.Next(2) == 0 ? Math.Min(bytes.Length, 128) : bytes.Length);

    private static byte[] Flip(byte[] bytes, int at, Random random)
    {
        byte[] changed = [.. bytes];
        changed[at] ^= (byte)(1 << random.Next(8));
        return changed;
    }

    private static byte[] Swap(byte[] bytes, Random random)
    {
        var length = random.Next(1, Math.Min(64, bytes.Length / 2));
        var (one, other) = (random.Next(bytes.Length - length), random.Next(bytes.Length - length));
        byte[] changed = [.. bytes];
        bytes.AsSpan(one, length).CopyTo(changed.AsSpan(other));
        bytes.AsSpan(other, length).CopyTo(changed.AsSpan(one));
        return changed;
    }

    // What may be a size or a length, of 2, 4 or 8 bytes in either order.
    private static byte[] SetNumber(byte[] bytes, int at, Random random)
    {
        var number = s_numbers[random.Next(s_numbers.Length)];
        var eight = new byte[8];
        var size = 2 << random.Next(3);
        if (random.Next(2) == 0)
            BinaryPrimitives.WriteInt64LittleEndian(eight, number);
        else
            BinaryPrimitives.WriteInt64BigEndian(eight, number << (8 * (8 - size)));
        byte[] changed = [.. bytes];
        var place = changed.AsSpan(at, Math.Min(size, changed.Length - at));
        eight.AsSpan(0, place.Length).CopyTo(place);
        return changed;
    }
}
