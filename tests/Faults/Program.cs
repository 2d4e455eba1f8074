using Microsoft.Testing.Platform.Builder;
using MlNetAlexNet.Faults;

// The tests, and the process that they kill: a process of its own, since what is killed is all of it.
if (args is [KilledTraining.Name, ..])
    return KilledTraining.Run(args[1..]);

if (args is [TemporaryFilesTests.Command, var output, var waits])
{
    TemporaryFilesTests.Hold(output, bool.Parse(waits));
    return 0;
}

var builder = await TestApplication.CreateBuilderAsync(args);
SelfRegisteredExtensions.AddSelfRegisteredExtensions(builder, args);
using var app = await builder.BuildAsync();
return await app.RunAsync();
