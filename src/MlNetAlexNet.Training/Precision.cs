namespace MlNetAlexNet.Training;

/// <summary>The number format of the forward and backward pass. Default <see cref="Auto"/>.</summary>
public enum Precision
{
    /// <summary><see cref="BFloat16"/> where a product measured at the start runs faster in it, else <see cref="Float32"/>.</summary>
    Auto,

    /// <summary>32-bit floats throughout, on a GPU without TF32.</summary>
    Float32,

    /// <summary>16-bit bfloat for computing, 32-bit master weights (Micikevicius et al. 2018, "Mixed Precision Training").</summary>
    BFloat16,

    /// <summary>
    /// 32-bit floats whose products and convolutions round their factors to 10 bits of fraction (NVIDIA's TF32). On CUDA
    /// GPUs alone, where it has an effect since the Ampere generation; an error on the CPU.
    /// </summary>
    TensorFloat32,
}
