namespace MlNetAlexNet.Formats;

/// <summary>Whose habits a network follows, for what is assumed of its pictures where nobody says.</summary>
internal enum ModelOrigin
{
    /// <summary>PyTorch's: red first, and the middle of a picture.</summary>
    Torch,

    /// <summary>Keras' and TensorFlow's, channels last: red first, and the whole picture squashed to a square.</summary>
    Keras,

    /// <summary>Caffe's, as in the ONNX model zoo's AlexNet and CaffeNet: blue first.</summary>
    Caffe,
}
