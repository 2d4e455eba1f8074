using MlNetAlexNet.InteropTool;

// Our side of the checks against other frameworks; each check's run script says what the folders hold.
switch (args)
{
    case ["tensorflowjs-write", var folder]:
        TensorFlowJsCheck.Write(folder);
        return 0;
    case ["tensorflowjs-read", var folder]:
        return TensorFlowJsCheck.Read(folder);
    default:
        Console.Error.WriteLine("InteropTool tensorflowjs-write FOLDER | tensorflowjs-read FOLDER");
        return 2;
}
