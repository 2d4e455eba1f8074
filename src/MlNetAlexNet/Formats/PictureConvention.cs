using MlNetAlexNet.Models;

namespace MlNetAlexNet.Formats;

/// <summary>What pictures go through by custom, where neither a network's file nor its user says it.</summary>
/// <param name="Source">Whose custom it is, such as <c>Keras</c>.</param>
/// <param name="ResizeMode">How a picture becomes a square.</param>
internal sealed record PictureConvention(string Source, ImageResizeMode ResizeMode)
{
    // keras.utils.image_dataset_from_directory: straight to the input's size.
    private static readonly PictureConvention s_keras = new("Keras", ImageResizeMode.Squash);

    // torchvision/transforms/_presets.py: Resize of the shorter side, CenterCrop.
    private static readonly PictureConvention s_torch = new("torchvision", ImageResizeMode.Crop);

    // caffe/models/bvlc_reference_caffenet/train_val.prototxt: mean 104, 117, 123, blue first, of values that are not
    // divided.
    private static readonly PictureConvention s_caffe = new("Caffe", ImageResizeMode.Crop)
    {
        ChannelOrder = ChannelOrder.Bgr,
        Normalization = new([123, 117, 104], [1, 1, 1], "Caffe"),
    };

    /// <summary>In which order the network takes colours. Default red first.</summary>
    public ChannelOrder ChannelOrder { get; private init; }

    /// <summary>Mean and deviation, red first. Default null: values from 0 to 1.</summary>
    public ValueNormalization? Normalization { get; private init; }

    /// <summary>The custom where networks of that origin are made.</summary>
    public static PictureConvention Of(ModelOrigin origin) => origin switch
    {
        ModelOrigin.Keras => s_keras,
        ModelOrigin.Caffe => s_caffe,
        _ => s_torch,
    };
}
