using System.IO.Compression;
using System.Text;
using MlNetAlexNet.Formats.Keras;

namespace MlNetAlexNet.Tests.Formats.Keras;

/// <summary>HDF5 lets a dataset keep its values in any other file; a model that does so would read the user's files.</summary>
[TestClass]
public sealed class KerasExternalTests
{
    // h5py 3.7, compressed: a dense layer of two units over two inputs, create_dataset(..., external=[(path, 0, 16)]), with
    // a path of 200 characters.
    private const string File =
        "H4sIAAAAAAACA+1ZT0/bMBS3EwoRolqQkGAdY1FOOyBt4sgJtHbkgADBDkhoykJraLQQ/jjVihDiCrcd9wUm7ciRj7AjR458BL4Bs2O7ja21Y7" +
        "Bd4P1U6dnPz3+a/N5P8stZUH1fHq4MIw7HQQPIRUXcSnie3lfjn6TF0p5K+8NSfjsfm5B+V67v2aLflP4Pq7Uaj741oPYJBoV1EOApIqjNr3C7" +
        "LvuKTz8tPW5nt0GS8AuJt5sZLfBy7p77jkq+mrweQYHkdxmNMVaKfeu76Va8zf3PMcpnup0zOFqefC+QGffJE+Vo3zFP3BeQJ5An3TxRan5T0u" +
        "Mahm4HD9x3bWm5itlqinentr7+uexfluAd9UMvHVif1HXgX2Hh3fIiLhBF0yeGI7+eRJSGabRD/FnPXyP7LZJmcZT4054v9I75j/wkOiQHlDU3" +
        "zClVklJiRKuxBve30jjjM2d4m5JwM454dytKKGGuzSirN8M43WtlIW1Ge3ziRtpKkmlv5uPxMfuxc1oGnxW/Je06vPxMDlKSzL5V/995BpwDAA" +
        "AAAAAAAAAAAMDjh6pvmvWZEVlBwqw1hiZQfr3Pr/Q09/esb2Ks3cM1Ky/h/K7+pzrm1ZR+bwc8LfSq919U9DiznvPQer9Zx/w6pK/blgf5VoF3" +
        "dBddMZ9XV1fKua6ILzVdYflbXXEKImHn/kExhlXca2Et3NGeftZmZ+KRo94rNJB7PDTuoPETOV5im/FxyxILDrH1MVLfcDC6fvl73XI75xUPxM" +
        "ZK8VyT+f8lj66M54am9Lg37ceBXnl8OQk5eR/8AiypNEogIAAA";

    [TestMethod]
    public void Read_OfValuesInAnotherFile_IsRefused()
    {
        using var folder = new TemporaryFolder();
        var secret = folder.Write("secret", Encoding.ASCII.GetBytes("sixteen  secrets"));
        var path = folder.Write("model.h5", PointingTo(secret));

        var fault = Assert.ThrowsExactly<AlexNetException>(() => KerasFile.Read(path));

        StringAssert.Contains(fault.Message, "are not in it");
    }

    private static byte[] PointingTo(string path)
    {
        using var packed = new GZipStream(new MemoryStream(Convert.FromBase64String(File)), CompressionMode.Decompress);
        using var file = new MemoryStream();
        packed.CopyTo(file);
        var bytes = file.ToArray();
        var place = bytes.AsSpan().IndexOf(Encoding.ASCII.GetBytes("/" + new string('x', 199)));
        var name = new byte[200];
        Encoding.UTF8.GetBytes(path).CopyTo(name, 0);
        name.CopyTo(bytes, place);
        return bytes;
    }
}
