using MlNetAlexNet.Training.Data;

namespace MlNetAlexNet.Training.Tests.Data;

internal static class Pictures
{
    public static byte[] Picture(this PixelSet pixels, int index) => pixels.Pictures.Picture(index);

    public static byte[] Picture(this PixelFile pixels, int index)
    {
        var picture = new byte[pixels.PictureBytes];
        pixels.Read(index, picture);
        return picture;
    }
}
