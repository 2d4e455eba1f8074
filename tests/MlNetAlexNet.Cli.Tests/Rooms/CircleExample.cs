namespace MlNetAlexNet.Cli.Tests.Rooms.First
{
    /// <summary>Uses another room, which uses this one.</summary>
    internal static class Here
    {
        public static string FindOther() => Second.There.FindOther();
    }
}

namespace MlNetAlexNet.Cli.Tests.Rooms.Second
{
    /// <summary>The other room.</summary>
    internal static class There
    {
        public static string FindOther() => First.Here.FindOther();
    }
}
