namespace MlNetAlexNet.Cli.Tests;

[TestClass]
public sealed class MisuseTests
{
    [TestMethod]
    [DataRow("tran", "'tran'", "alexnet --help")]
    [DataRow("train --learning-rate 1e400", "--learning-rate '1e400' is no number", "alexnet train --help")]
    [DataRow("train --weight-decay 0,0005", "--weight-decay '0,0005' is no number, such as 0.1.", "alexnet train --help")]
    [DataRow("train --epochs 1.000", "--epochs '1.000' is no whole number of 32 bits.", "alexnet train --help")]
    [DataRow("train --epochs 1,000", "--epochs '1,000' is no whole number of 32 bits.", "alexnet train --help")]
    [DataRow("train --epochs 0x10", "--epochs '0x10' is no whole number of 32 bits.", "alexnet train --help")]
    [DataRow("train --epochs 3000000000", "--epochs '3000000000' is no whole number of 32 bits.", "alexnet train --help")]
    [DataRow("train --learning-rate Infinity", "--learning-rate 'Infinity' is no number", "alexnet train --help")]
    [DataRow("train --learning-rate NaN", "--learning-rate 'NaN' is no number", "alexnet train --help")]
    [DataRow("train --maximum-pixels 1_000", "--maximum-pixels '1_000' is no whole number of 64 bits.", "alexnet train --help")]
    [DataRow("predict model.zip x.png --top 0", "--top is 0; it must be at least 1.", "alexnet predict --help")]
    [DataRow("train --no-augment --no-flip", "--no-augment and --no-flip exclude each other", "alexnet train --help")]
    [DataRow("train --mixup 0.2 --no-augment", "--no-augment and --mixup exclude each other", "alexnet train --help")]
    [DataRow("train --pixel-cache x --no-pixel-cache", "--pixel-cache and --no-pixel-cache exclude each other", "alexnet train --help")]
    [DataRow("summary --stack s.json --classes 5", "--classes and --stack exclude each other", "alexnet summary --help")]
    [DataRow("summary --dropout 0.1 --model s.json", "--dropout and --model exclude each other", "alexnet summary --help")]
    [DataRow("train --image-size 1.5", "--image-size '1.5' is no whole number of 32 bits.", "alexnet train --help")]
    [DataRow("train --learning-rate 0,1", "--learning-rate '0,1' is no number, such as 0.1.", "alexnet train --help")]
    [DataRow("quantize model.zip --maximum-loss 0,5", "--maximum-loss '0,5' is no number", "alexnet quantize --help")]
    [DataRow("train --resize-mode stretch", "--resize-mode 'stretch' is none of Crop, Squash, Pad.", "alexnet train --help")]
    [DataRow("train --precision float", "--precision 'float' is none of Auto, Float32,", "alexnet train --help")]
    [DataRow("predict model.zip x.png --channel-order gbr", "--channel-order 'gbr' is none of rgb, bgr.", "alexnet predict --help")]
    [DataRow("train --preset paper --stack a.json", "--preset and --stack exclude each other", "alexnet train --help")]
    [DataRow("train --preset paper --model a.json", "--preset and --model exclude each other", "alexnet train --help")]
    [DataRow("train --device 7", "'7'; it must be Auto, Cpu, Cuda, or Cuda and the number of a GPU", "alexnet train --help")]
    [DataRow("train --epoch 3", "no option '--epoch'", "alexnet train --help")]
    [DataRow("predict model.zip -x.png -- -x.png", "no option '-x.png'", "alexnet predict --help")]
    [DataRow("evaluate model.zip", "needs a MODEL, and then FOLDER", "alexnet evaluate --help")]
    [DataRow("predict model.zip", "needs a MODEL, and then PATH", "alexnet predict --help")]
    [DataRow("predict model.zip x.png --device gpu", "'gpu' is not known. It must be cpu, cuda or", "alexnet predict --help")]
    [DataRow("inspect x --near-signs many", "--near-signs 'many' is no whole number of 32 bits.", "alexnet inspect --help")]
    [DataRow("inspect", "Required argument", "alexnet inspect --help")]
    [DataRow("evaluate model.zip x --device cuda:one", "'cuda:one' is not known", "alexnet evaluate --help")]
    public async Task CommandLine_ThatIsWrong_NamesTheFaultAndAHint(string line, string fault, string hint)
    {
        var result = await Invocation.Of(line.Split(' '));

        Assert.AreEqual(2, result.ExitCode);
        Assert.AreEqual("", result.Out);
        StringAssert.StartsWith(result.Error, "error: ");
        StringAssert.Contains(result.Error, fault);
        StringAssert.Contains(result.Error, hint);
        Assert.IsFalse(result.Error.Contains("Options:", StringComparison.Ordinal), "The whole help hides the fault.");
    }

    [TestMethod]
    [DataRow("summary --classes 0", "units 0; it must be at least 1")]
    [DataRow("summary --classes ten", "--classes 'ten' cannot be read: it is neither a file with a class name on each line, nor a list such as cat,dog.")]
    [DataRow("predict no.zip x --classes cat,,dog", "--classes 'cat,,dog' cannot be read: it is neither a file")]
    [DataRow("predict no.zip x --mean 0,485,0,456,0,406", "--mean '0,485,0,456,0,406' is neither three numbers")]
    [DataRow("predict no.zip x --std 0,5", "--standard-deviation '0,5' is neither three numbers")]
    [DataRow("train x --output no-such-run --layer-rate d1=0,1", "--layer-rate 'd1=0,1' is not a layer and its factor")]
    [DataRow("train x --output no-such-run --layer-decay d1=0,1", "--layer-decay 'd1=0,1' is not a layer and its decay")]
    [DataRow("train x --output no-such-run --layer-rate d1=1 --layer-rate d1=2", "--layer-rate names 'd1' twice")]
    [DataRow("train x --output no-such-run --rename a=b --rename a=c", "--rename-class names 'a' twice")]
    [DataRow("train x --output no-such-run --class-weight cat=0,5", "--class-weight 'cat=0,5' is not a class and its weight")]
    [DataRow("train x --output no-such-run --class-weight cat=NaN", "--class-weight 'cat=NaN' is not a class and its weight")]
    [DataRow("train x --output no-such-run --class-weight balanced --class-weight cat=2", "--class-weight balanced gives every class its weight; give it alone")]
    [DataRow("train x --output no-such-run --optimizer AdamW --momentum 0.9", "--momentum does nothing here: it is for the optimizer Sgd")]
    [DataRow("train x --output no-such-run --decay-factor 0.1", "--decay-factor does nothing here: it is for the schedules Step")]
    [DataRow("train x --output no-such-run --decay-epochs 5", "--decay-epochs does nothing here: it is for the schedules Step")]
    [DataRow("train x --output no-such-run --mixing-probability 1", "--mixing-probability does nothing here: it is for --mixup or --cutmix")]
    [DataRow("train x --output no-such-run --initial-weights-rate 1", "--initial-weights-rate does nothing here: it is for --initial-weights")]
    [DataRow("train x --output no-such-run --teacher-views 3", "--teacher-views is for a teacher")]
    [DataRow("train x --output no-such-run --teacher resnet18 --teacher-mean 0", "The teacher's Mean is for a network in a file; 'resnet18' brings its own")]
    [DataRow("train x --output no-such-run --teacher resnet18 --teacher-output y", "The teacher's Output is for a network in a file")]
    [DataRow("train x --output no-such-run --teacher n.onnx --teacher-weight 0 --teacher-temperature 2", "The teacher's Temperature is 2, but PredictionWeight is 0")]
    [DataRow("train no-such-folder --output no-such-run", "'no-such-folder' does not exist")]
    [DataRow("train x --output no-such-run --class-weight cat", "'cat' is not a class and its weight")]
    [DataRow("train x --output no-such-run --class-weight cat=1 --class-weight cat=2", "--class-weight names 'cat' twice")]
    [DataRow("train x --output no-such-run --layer-rate conv2d_5", "--layer-rate 'conv2d_5' is not a layer and its factor")]
    [DataRow("train x --output no-such-run --frozen-views 3", "FrozenViews is for what FreezeUntil freezes")]
    [DataRow("train x --output no-such-run --rename-class a=b", "RenamedClasses is for the classes of InitialWeights")]
    [DataRow("convert no-such.zip b.zip --rename-class a", "--rename-class 'a' is not an old and a new name")]
    [DataRow("train x --output no-such-run --epochs 0", "Epochs is 0")]
    [DataRow("train --options no-such-options.json", "'no-such-options.json' cannot be read")]
    [DataRow("inspect no-such-folder", "'no-such-folder' does not exist")]
    [DataRow("inspect @no-such-folder", "'@no-such-folder' does not exist")]
    [DataRow("inspect -- -no-such-folder", "'-no-such-folder' does not exist")]
    [DataRow("inspect . --only @no-such-list.txt", "The list '@no-such-list.txt' cannot be read")]
    [DataRow("train --output no-such-run -- @no-such-folder", "'@no-such-folder' does not exist")]
    [DataRow("train --output no-such-run -- -no-such-folder", "'-no-such-folder' does not exist")]
    [DataRow("pretrain --output no-such.zip -- -no-such-folder", "'-no-such-folder' does not exist")]
    [DataRow("predict -- -no-such-model.zip @x.png", "'-no-such-model.zip' does not exist")]
    [DataRow("predict --model @no-such-model.zip -- -x.png", "'@no-such-model.zip' does not exist")]
    [DataRow("evaluate -- -no-such-model.zip -x", "'-no-such-model.zip' does not exist")]
    [DataRow("quantize -- @no-such-model.zip -x", "'@no-such-model.zip' does not exist")]
    [DataRow("convert -- -no-such-model.zip @b.zip", "'-no-such-model.zip' does not exist")]
    [DataRow("inspect MlNetAlexNet.Cli.Tests.dll", "is a file. Name the folder that holds the pictures")]
    [DataRow("inspect . --near-signs 129", "NearSigns is 129; it must be at least 0 and at most 128")]
    [DataRow("inspect . --only no-such-list.txt", "The list 'no-such-list.txt' cannot be read")]
    [DataRow("train x --output no-such-run --only no-such-list.txt", "The list 'no-such-list.txt' cannot be read")]
    [DataRow("evaluate no-such-model.zip .", "'no-such-model.zip' does not exist")]
    [DataRow("predict no-such-model.zip x.png", "'no-such-model.zip' does not exist")]
    public async Task Command_ThatCannotWork_PrintsTheMessageAlone(string line, string message)
    {
        var result = await Invocation.Of(line.Split(' '));

        Assert.AreEqual(2, result.ExitCode, result.Error);
        Assert.AreEqual("", result.Out);
        StringAssert.StartsWith(result.Error, "error: ");
        StringAssert.Contains(result.Error, message);
        Assert.IsFalse(result.Error.Contains("   at ", StringComparison.Ordinal), result.Error);
    }

    [TestMethod]
    public async Task Command_WithADefect_IsOneLineThatNamesTheTraceAndReturns1()
    {
        using var broken = new BrokenWriter();
        using var error = new StringWriter();

        var exit = await CommandLine.RunAsync(["summary"], new Terminal(broken, error, Live: null));

        Assert.AreEqual(1, exit);
        var line = error.ToString();
        StringAssert.StartsWith(line, "error: broken. This is a defect of alexnet");
        Assert.HasCount(1, line.Trim().Split('\n'));
        var trace = line.Split('\'')[1];
        StringAssert.Contains(await File.ReadAllTextAsync(trace), "   at ");
        File.Delete(trace);
    }

    private sealed class BrokenWriter : StringWriter
    {
        public override void Write(string? value) => throw new InvalidOperationException("broken");
    }
}
