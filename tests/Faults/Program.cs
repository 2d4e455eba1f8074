using System.Globalization;
using Microsoft.Testing.Platform.Builder;
using MlNetAlexNet.Faults;

// The tests, and the processes that they kill or that may be ended by what they read: processes of their own.
switch (args)
{
    case [KilledTraining.Name, ..]:
        return KilledTraining.Run(args[1..]);

    case [Reader.Command, var kind, var folder, .. var numbers]:
        var (seed, first, count) = (Number(0), Number(1), Number(2));
        Reader.Run(MutantKind.Get(kind), folder, seed, first, count);
        return 0;

        int Number(int index) => int.Parse(numbers[index], CultureInfo.InvariantCulture);

    case [SwapTests.Command, var champion, var challenger, var killedAt]:
        SwapTests.Swap(champion, challenger, int.Parse(killedAt, CultureInfo.InvariantCulture));
        return 0;

    case [TemporaryFilesTests.Command, var output, var waits]:
        TemporaryFilesTests.Hold(output, bool.Parse(waits));
        return 0;
}

var builder = await TestApplication.CreateBuilderAsync(args);
SelfRegisteredExtensions.AddSelfRegisteredExtensions(builder, args);
using var app = await builder.BuildAsync();
return await app.RunAsync();
