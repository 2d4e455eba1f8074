using MlNetAlexNet.Scoring;

namespace MlNetAlexNet.Tests.Scoring;

/// <summary>Messages of ONNX Runtime 1.31 for CUDA, cut here where they go on in the same way.</summary>
[TestClass]
public sealed class CudaProviderTests
{
    [TestMethod]
    [DataRow(
        "[ErrorCode:Fail] /onnxruntime_src/onnxruntime/core/session/provider_bridge_ort.cc:2043 onnxruntime::Provider& "
        + "onnxruntime::ProviderLibrary::Get() [ONNXRuntimeError] : 1 : FAIL : Failed to load library "
        + "/app/libonnxruntime_providers_cuda.so with error: libcublasLt.so.13: cannot open shared object file: No "
        + "such file or directory",
        "Failed to load library /app/libonnxruntime_providers_cuda.so with error: libcublasLt.so.13: cannot open "
        + "shared object file: No such file or directory")]
    [DataRow(
        "[ErrorCode:Fail] provider_options_utils.h:187 Parse Failed to parse provider option \"device_id\": "
        + "cuda_execution_provider_info.cc:71 operator() Invalid device ID: 7, must be between 0 (inclusive) and 1 "
        + "(exclusive).",
        "Invalid device ID: 7, must be between 0 (inclusive) and 1 (exclusive)")]
    [DataRow(
        "[ErrorCode:Fail] /onnxruntime_src/onnxruntime/core/providers/cuda/cuda_call.cc:154 "
        + "onnxruntime::CudaCall(ERRTYPE) [with ERRTYPE = cudaError; bool THRW = true] CUDA failure 35: CUDA driver "
        + "version is insufficient for CUDA runtime version ; GPU=-1 ; hostname=vm ; "
        + "file=/onnxruntime_src/cuda_execution_provider.cc ; line=355 ; ",
        "CUDA failure 35: CUDA driver version is insufficient for CUDA runtime version")]
    [DataRow("[ErrorCode:RuntimeException] Something\nelse.", "[ErrorCode:RuntimeException] Something else")]
    public void FindReason_InAMessage_IsWithoutThePlaceInItsSource(string message, string reason) =>
        Assert.AreEqual(reason, CudaProvider.FindReason(message));
}
