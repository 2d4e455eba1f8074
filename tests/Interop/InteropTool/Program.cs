using MlNetAlexNet.InteropTool;

// Our side of the checks against other frameworks; each check's run script says what the folders hold.
switch (args)
{
    case ["pytorch", var folder]:
        return PyTorchCheck.Run(folder);
    case ["tensorflowjs-write", var folder]:
        TensorFlowJsCheck.Write(folder);
        return 0;
    case ["tensorflowjs-read", var folder]:
        return TensorFlowJsCheck.Read(folder);
    case ["hdf5-write", var folder]:
        Hdf5Check.Write(folder);
        return 0;
    case ["goldens", var folder, .. var sources]:
        GoldensCheck.Write(folder, sources);
        return 0;
    default:
        Console.Error.WriteLine(
            "InteropTool pytorch FOLDER | tensorflowjs-write FOLDER | tensorflowjs-read FOLDER | hdf5-write FOLDER\n"
            + "| goldens FOLDER SOURCE...");
        return 2;
}
