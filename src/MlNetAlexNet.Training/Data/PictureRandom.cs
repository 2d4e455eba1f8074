namespace MlNetAlexNet.Training.Data;

/// <summary>
/// The random numbers of one picture in one epoch: a function of (seed, epoch, picture) and of nothing else, so that no
/// number of loading threads, no training that goes on in the middle and no machine with a share of the pictures can
/// change them. The generator is SplitMix64 of Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators"
/// (OOPSLA 2014): a counter, mixed by their mix64variant13. A value: what draws from it takes it by reference.
/// </summary>
/// <remarks>
/// Every draw takes one number, whatever it is of, a normal one two, and <see cref="BatchSource.Shuffle"/> draws in a fixed order: the
/// picture's place in the epoch, then its crop. What is new is drawn last and so changes nothing that was there before.
/// </remarks>
internal struct PictureRandom
{
    // The odd number nearest to 2^64 by the golden ratio.
    private const ulong Increment = 0x9E3779B97F4A7C15;

    private ulong _counter;

    /// <param name="counter">Where the counter starts: the seed of the generator as published.</param>
    public PictureRandom(ulong counter) => _counter = counter;

    /// <param name="seed">Of the training.</param>
    /// <param name="epoch">From 1.</param>
    /// <param name="picture">Its row in the whole set, whatever part of the set is trained on here.</param>
    public PictureRandom(int seed, int epoch, int picture)
        : this(After(After(After(0, seed), epoch), picture))
    {
    }

    /// <summary>The next 64 bits.</summary>
    public ulong NextBits() => Mix(_counter += Increment);

    /// <summary>One of 0 to <paramref name="count"/> - 1, as likely as another but for one part in 2^33.</summary>
    public int Next(int count) => (int)Math.BigMul(NextBits(), (ulong)count, out _);

    /// <summary>From 0 to below 1, in steps of 2^-53.</summary>
    public double NextDouble() => (NextBits() >> 11) * (1.0 / (1UL << 53));

    /// <summary>True half of the time.</summary>
    public bool NextBool() => NextBits() >> 63 == 1;

    /// <summary>Of the normal distribution of mean 0 and deviation 1 (Box and Muller 1958), out of two numbers.</summary>
    public double NextNormal() =>
        Math.Sqrt(-2 * Math.Log(1 - NextDouble())) * Math.Cos(2 * Math.PI * NextDouble());

    // The first number of the generator that starts at state + part: other parts give other states.
    private static ulong After(ulong state, int part) => Mix(state + (uint)part + Increment);

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
