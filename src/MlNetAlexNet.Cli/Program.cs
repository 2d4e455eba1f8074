using MlNetAlexNet.Cli;

using var interruption = new Interruption();
return await CommandLine.RunAsync(args, Terminal.OfProcess(), interruption.Token);
