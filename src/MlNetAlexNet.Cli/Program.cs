using MlNetAlexNet.Cli;

var terminal = Terminal.OfProcess();
using var interruption = new Interruption(terminal.EraseLive);
return await CommandLine.RunAsync(args, terminal, interruption.Token);
