namespace MlNetAlexNet.Models;

/// <summary>In which order a network takes the colours of a pixel.</summary>
public enum ChannelOrder
{
    /// <summary>Red, green, blue: everything in this library, Keras and PyTorch.</summary>
    Rgb,

    /// <summary>Blue, green, red, as OpenCV reads pictures: Caffe.</summary>
    Bgr,
}
