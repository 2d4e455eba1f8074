using System.Text;
using MlNetAlexNet.Images;
using MlNetAlexNet.Inspection;

namespace MlNetAlexNet.Tests.Images;

[TestClass]
public sealed class ImageTableTests
{
    private static readonly SplitOptions s_whole = new() { ValidationFraction = 0, TestFraction = 0 };

    // As pandas, Excel, Vertex AI, R and people write them.
    [TestMethod]
    [DataRow("path,label\na/1.jpg,cat\na/2.jpg,dog\n")]
    [DataRow("path,label\r\na/1.jpg,cat\r\na/2.jpg,dog\r\n")]
    [DataRow("\uFEFFFilename;Class\n\"a/1.jpg\";\"cat\"\na/2.jpg;dog")]
    [DataRow("label\tid\timage_path\ncat\t7\ta/1.jpg\ndog\t8\t./a/../a/2.jpg\n")]
    [DataRow(",image,species\n0,a/1.jpg,cat\n1,a/2.jpg,dog\n")]
    [DataRow("a/1.jpg,cat\na/2.jpg,dog\n")]
    [DataRow("cat;a/1.jpg\ndog;a/2.jpg\n")]
    [DataRow("training,a/1.jpg,cat\nTRAIN,a/2.jpg,dog\n")]
    [DataRow("path,label,ml_use\na/1.jpg,cat,\na/2.jpg,dog,UNASSIGNED\n")]
    [DataRow("file , category\n a\\1.jpg , cat\n\n a\\2.jpg , dog \n\na/1.jpg,cat")]
    public void Open_TableAsItIsWritten_GivesTheLabelledPictures(string text)
    {
        using var folder = Files("a/1.jpg", "a/2.jpg");
        var found = ImageFolder.Open(folder.Write("labels.csv", Encoding.UTF8.GetBytes(text)), s_whole);

        Assert.AreEqual("cat:1 dog:2", Describe(found.Train));
        Assert.AreEqual(folder.Path, found.Path);
        Assert.AreEqual(Path.Combine(folder.Path, "a", "1.jpg"), found.Train[0].ImagePath);
    }

    [TestMethod]
    public void Open_QuotesAndOtherEncodings_AreRead()
    {
        using var folder = Files("a, \"b\".jpg", "2.jpg");
        var text = "path,label\n\"a, \"\"b\"\".jpg\",\"big, été\"\n2.jpg,dog\n";

        foreach (var encoding in (Encoding[])[Encoding.UTF8, new UnicodeEncoding(bigEndian: false, byteOrderMark: true)])
        {
            var table = folder.Write("labels.csv", [.. encoding.GetPreamble(), .. encoding.GetBytes(text)]);
            Assert.AreEqual("big, été:a, \"b\" dog:2", Describe(ImageFolder.Open(table, s_whole).Train));
        }
    }

    [TestMethod]
    public void Open_PartsInAColumn_AreThose()
    {
        using var folder = Files("1.jpg", "2.jpg", "3.jpg", "4.jpg");
        var table = folder.Write("t.tsv", "set\tfile\tclass\nTraining\t1.jpg\tcat\ntrain\t2.jpg\tdog\nval\t3.jpg\tdog\nTEST\t4.jpg\tcat"u8.ToArray());
        var found = ImageFolder.Open(table);

        Assert.AreEqual("cat:1 dog:2 | dog:3 | cat:4", $"{Describe(found.Train)} | {Describe(found.Validation)} | {Describe(found.Test)}");
        Assert.AreEqual("cat:4", Describe(ImageFolder.OpenTest(table).Test));
        CollectionAssert.AreEqual(
            (string[])["train", "validation", "test"], FolderInspection.Inspect(table).Parts.Select(part => part.Name).ToArray());
    }

    // fastai's, and the like of it.
    [TestMethod]
    [DataRow("is_valid", "False", "True", "cat:1 dog:2 | dog:3 | ")]
    [DataRow("IsTest", "0", "1", "cat:1 dog:2 |  | dog:3")]
    [DataRow("is_train", "t", "f", "cat:1 dog:2 | dog:3 | ")]
    public void Open_APartInAColumnOfTruth_IsThat(string column, string first, string second, string parts)
    {
        using var folder = Files("1.jpg", "2.jpg", "3.jpg");
        var table = folder.Write("t.csv", Encoding.UTF8.GetBytes($"name,label,{column}\n1.jpg,cat,{first}\n2.jpg,dog,{first}\n3.jpg,dog,{second}\n"));
        var found = ImageFolder.Open(table, s_whole);

        Assert.AreEqual(parts, $"{Describe(found.Train)} | {Describe(found.Validation)} | {Describe(found.Test)}");
    }

    [TestMethod]
    public void Open_TwoColumnsOfTruth_AsksForOne()
    {
        using var folder = Files("1.jpg", "2.jpg", "3.jpg");
        var table = folder.Write("t.csv", "path,label,is_valid,is_test\n1.jpg,cat,False,True\n2.jpg,dog,False,False\n3.jpg,dog,True,False\n"u8.ToArray());
        var fault = Assert.ThrowsExactly<AlexNetException>(() => ImageFolder.Open(table));

        Assert.Contains("'is_valid', 'is_test'", fault.Message);
        Assert.AreEqual("SplitColumn", fault.Option);
        Assert.AreEqual("dog:3", Describe(ImageFolder.Open(table, s_whole, columns: new TableColumns { Split = "is_valid" }).Validation));
    }

    [TestMethod]
    public void Open_TwoColumnsOfParts_AsksForOne()
    {
        using var folder = Files("1.jpg", "2.jpg", "3.jpg");
        var table = folder.Write("t.csv", "path,label,set,split\n1.jpg,cat,train,train\n2.jpg,dog,train,train\n3.jpg,dog,test,val\n"u8.ToArray());

        Assert.Contains("'set', 'split'", Assert.ThrowsExactly<AlexNetException>(() => ImageFolder.Open(table)).Message);
        Assert.AreEqual("dog:3", Describe(ImageFolder.Open(table, s_whole, columns: new TableColumns { Split = "split" }).Validation));
    }

    [TestMethod]
    public void Open_ATruthThatIsNone_IsToldWithItsLine()
    {
        using var folder = Files("1.jpg", "2.jpg", "3.jpg");
        var table = folder.Write("t.csv", "path,label,is_valid\n1.jpg,cat,False\n2.jpg,dog,True\n3.jpg,dog,maybe\n"u8.ToArray());

        Assert.Contains("line 4: 'maybe' is no part; it must be True or False", Assert.ThrowsExactly<AlexNetException>(() => ImageFolder.Open(table)).Message);
    }

    // Of a picture that is fit to use, for all that is known.
    [TestMethod]
    public void Open_ATruthOfAll_IsNoSplit()
    {
        using var folder = Files("1.jpg", "2.jpg");
        var table = folder.Write("t.csv", "path,label,is_valid\n1.jpg,cat,True\n2.jpg,dog,True\n"u8.ToArray());

        Assert.AreEqual("cat:1 dog:2", Describe(ImageFolder.Open(table, s_whole).Train));
    }

    [TestMethod]
    public void Open_NamedColumns_AreTaken()
    {
        using var folder = Files("1.jpg", "2.jpg");
        var table = folder.Write("t.csv", "Image,Id,Breed\n1.jpg,w1,pug\n2.jpg,w2,beagle"u8.ToArray());

        Assert.AreEqual("w1:1 w2:2", Describe(ImageFolder.Open(table, s_whole, columns: new TableColumns { Label = "id" }).Train));
        Assert.AreEqual("beagle:2 pug:1", Describe(ImageFolder.Open(table, s_whole, columns: new TableColumns { Path = "1", Label = "3" }).Train));
        var fault = Assert.ThrowsExactly<AlexNetException>(() => ImageFolder.Open(table));
        Assert.Contains("Its columns are 'Image', 'Id', 'Breed'", fault.Message);
        Assert.AreEqual("LabelColumn", fault.Option);
        fault = Assert.ThrowsExactly<AlexNetException>(() => ImageFolder.Open(table, columns: new TableColumns { Path = "Bild" }));
        Assert.Contains("no column 'Bild'", fault.Message);
        Assert.ThrowsExactly<AlexNetException>(() => ImageFolder.Open(folder.Path, columns: new TableColumns { Path = "Image" }));
    }

    [TestMethod]
    [DataRow("path,label\n1.jpg,cat\n9.jpg,dog", "line 3: the file '9.jpg' does not exist")]
    [DataRow("path,label\n\n1.jpg,cat\n2.jpg,", "line 4: no label for '2.jpg'")]
    [DataRow("path,label\n,cat\n2.jpg,dog", "line 2: no path")]
    [DataRow("path,label\n1.jpg,cat\n2.jpg,dog\n./1.jpg,dog", "line 4: './1.jpg' is 'dog', and 'cat' on line 2")]
    [DataRow("path,label,split\n1.jpg,cat,train\n2.jpg,dog,train\n1.jpg,cat,test", "line 4: '1.jpg' is of test, and of train on line 2")]
    [DataRow("path,label,split\n1.jpg,cat,train\n2.jpg,dog,", "line 3: '' is no part")]
    [DataRow("path,label\n1.jpg,cat,9\n2.jpg,dog", "line 2: 3 fields, and the first row has 2")]
    [DataRow("path,label\n1.jpg,\"cat\n2.jpg,dog", "on line 2 that does not end")]
    [DataRow("path,image,label\n1.jpg,1.jpg,cat", "the columns 'path', 'image'")]
    [DataRow("path,label\n", "but no pictures")]
    [DataRow("\n", "has no rows")]
    [DataRow("a,b\nc,d\n", "Its columns are 'a', 'b'")]
    [DataRow("1.jpg\n2.jpg\n", "1 columns, numbered from 1")]
    public void Open_TableThatCannotBeUsed_IsToldByItsLines(string text, string fault)
    {
        using var folder = Files("1.jpg", "2.jpg");
        var table = folder.Write("labels.csv", Encoding.UTF8.GetBytes(text));

        Assert.Contains(fault, Assert.ThrowsExactly<AlexNetException>(() => ImageFolder.Open(table, s_whole)).Message);
    }

    [TestMethod]
    public void Open_NoTextOfUtf8OrNoTable_IsRefused()
    {
        using var folder = Files("1.jpg");
        Assert.Contains("no text in UTF-8", Assert.ThrowsExactly<AlexNetException>(
            () => ImageFolder.Open(folder.Write("l.csv", [0x70, 0x2C, 0xE9, 0xFF, 0x0A]))).Message);
        Assert.Contains("is a file", Assert.ThrowsExactly<AlexNetException>(() => ImageFolder.Open(Path.Combine(folder.Path, "1.jpg"))).Message);
    }

    // Ten of many.
    [TestMethod]
    public void Open_ManyFaults_NamesTheFirstAndHowMany()
    {
        using var folder = new TemporaryFolder();
        var table = folder.Write("l.csv", Encoding.UTF8.GetBytes("path,label\n" + string.Concat(Enumerable.Range(0, 5000).Select(i => $"{i}.jpg,cat\n"))));
        var message = Assert.ThrowsExactly<AlexNetException>(() => ImageFolder.Open(table)).Message;

        Assert.Contains("line 11: the file '9.jpg'", message);
        Assert.Contains("and 4990 more", message);
    }

    // Of a dump whose pictures have no endings.
    [TestMethod]
    [DataRow("p0,dog\np1,cat\np2,dog\n", null)]
    [DataRow("p0,dog\np1,cat\np2,dog\n", "1 2")]
    [DataRow("dog;p0\ncat;p1\ndog;p2\n", null)]
    [DataRow("p0,label\np1,cat\np2,dog\n", "1 2")]
    [DataRow("path,label\np0,dog\np1,cat\np2,dog\n", null)]
    [DataRow("path,label\np0,dog\np1,cat\np2,dog\n", "1 2")]
    [DataRow("path,labels\np0,dog\np1,cat\np2,dog\n", "path labels")]
    public void Open_PicturesWithoutEndings_LosesNoRow(string text, string? columns)
    {
        using var folder = Files("p0", "p1", "p2", "labels"); // and a file that is called as a column
        var given = columns?.Split(' ') is [var path, var label] ? new TableColumns { Path = path, Label = label } : null;

        Assert.HasCount(3, ImageFolder.OpenTest(folder.Write("t.csv", Encoding.UTF8.GetBytes(text)), given).Test);
    }

    // Numbers are given, and the first row is like the others, or is not.
    [TestMethod]
    [DataRow("gone,dog\np1,cat\n", "line 1: the file 'gone' does not exist")]
    [DataRow("Bild,Rasse\n1.jpg,cat\ngone,cat\n2.jpg,dog\n", "line 1: the file 'Bild'")]
    [DataRow("Bild,Rasse\n1.jpg,cat\n2.jpg,dog\n", null)]
    public void Open_ColumnsByNumber_FirstRowIsToldByTheOthers(string text, string? fault)
    {
        using var folder = Files("1.jpg", "2.jpg", "p1");
        var table = folder.Write("t.csv", Encoding.UTF8.GetBytes(text));
        ImageFolder Open() => ImageFolder.Open(table, s_whole, columns: new TableColumns { Path = "1", Label = "2" });

        if (fault is null)
            Assert.AreEqual("cat:1 dog:2", Describe(Open().Train));
        else
            Assert.Contains(fault, Assert.ThrowsExactly<AlexNetException>(Open).Message);
    }

    [TestMethod]
    [DataRow("missing.csv")]
    [DataRow("missing.xlsx")]
    [DataRow("missing")]
    public void Open_TableThatIsNotThere_IsToldSo(string name)
    {
        var columns = new TableColumns { Path = "p" };
        foreach (var open in (Action[])[() => ImageFolder.Open(name, columns: columns), () => ImageFolder.OpenTest(name, columns),
            () => FolderInspection.Inspect(name, new InspectionOptions { Columns = columns })])
        {
            Assert.Contains($"'{name}' does not exist", Assert.ThrowsExactly<AlexNetException>(open).Message);
        }
    }

    [TestMethod]
    public void OpenTest_TableWithoutATest_NamesWhatToDoWithATable()
    {
        using var folder = Files("1.jpg", "2.jpg");
        var table = folder.Write("t.csv", "path,label,split\n1.jpg,cat,train\n2.jpg,dog,val"u8.ToArray());

        Assert.Contains("Give rows of it the part 'test'", Assert.ThrowsExactly<AlexNetException>(() => ImageFolder.OpenTest(table)).Message);
    }

    private static TemporaryFolder Files(params string[] names)
    {
        var folder = new TemporaryFolder();
        foreach (var name in names)
            folder.Write(name);
        return folder;
    }

    private static string Describe(IReadOnlyList<LabeledImage> pictures) =>
        string.Join(" ", pictures.Select(picture => $"{picture.Label}:{Path.GetFileNameWithoutExtension(picture.ImagePath)}"));
}
