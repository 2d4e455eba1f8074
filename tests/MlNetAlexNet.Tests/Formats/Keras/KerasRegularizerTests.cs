using System.Text.Json;
using MlNetAlexNet.Formats.Keras;

namespace MlNetAlexNet.Tests.Formats.Keras;

[TestClass]
public sealed class KerasRegularizerTests
{
    // As Keras 3, Keras 2 and TensorFlow.js write them; the last are more than l2.
    [TestMethod]
    [DataRow("""null""", 0.0)]
    [DataRow("""{"module":"keras.regularizers","class_name":"L2","config":{"l2":0.01},"registered_name":null}""", 0.02)]
    [DataRow("""{"class_name":"L2","config":{}}""", 0.02)]
    [DataRow("""{"class_name":"L1L2","config":{"l1":0.0,"l2":0.0005}}""", 0.001)]
    [DataRow("""{"class_name":"L1L2","config":{"l1":0,"l2":0,"hasL1":false,"hasL2":false}}""", 0.0)]
    [DataRow("\"l2\"", 0.02)]
    [DataRow("""{"class_name":"L1","config":{"l1":0.01}}""", null)]
    [DataRow("""{"class_name":"L1L2","config":{"l1":0.01,"l2":0.01}}""", null)]
    [DataRow("""{"class_name":"OrthogonalRegularizer","config":{"factor":0.01,"mode":"rows"}}""", null)]
    [DataRow("""{"class_name":"L2","config":{"l2":-0.01}}""", null)]
    [DataRow("""{"class_name":"L2","config":{"l2":"much"}}""", null)]
    [DataRow("""true""", null)]
    public void ReadDecay_OfARegularizer_IsTwiceItsL2(string json, double? decay)
    {
        using var document = JsonDocument.Parse(json);

        Assert.AreEqual(decay, KerasRegularizer.ReadDecay(document.RootElement));
    }

    [TestMethod]
    public void ParseForTraining_WhatKerasSaysOfATraining_IsTakenOverOrNamed()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("stack.json", """
            {"class_name":"Sequential","config":{"name":"s","layers":[
            {"class_name":"InputLayer","config":{"batch_input_shape":[null,8,8,3],"dtype":"float32","name":"i"}},
            {"class_name":"Rescaling","config":{"name":"scale","scale":0.1,"offset":0.0}},
            {"class_name":"GaussianNoise","config":{"name":"noise","stddev":0.1}},
            {"class_name":"Conv2D","config":{"name":"conv","filters":2,"kernel_size":[3,3],"activation":"relu","trainable":false,
             "kernel_initializer":{"class_name":"RandomNormal","config":{"stddev":0.05}},
             "kernel_regularizer":{"class_name":"L2","config":{"l2":0.01}},
             "bias_regularizer":{"class_name":"L2","config":{"l2":0.01}},
             "kernel_constraint":{"class_name":"MaxNorm","config":{"max_value":2}}}},
            {"class_name":"Flatten","config":{"name":"flat"}},
            {"class_name":"SpatialDropout2D","config":{"name":"drop","rate":0.2}},
            {"class_name":"Dense","config":{"name":"dense","units":2,"activation":"softmax","trainable":true,
             "kernel_initializer":{"class_name":"GlorotUniform","config":{}},
             "kernel_regularizer":{"class_name":"L1L2","config":{"l1":0.1,"l2":0.1}}}}]}}
            """u8.ToArray());

        var (plan, training) = KerasConfig.ParseForTraining(File.ReadAllText(file));

        Assert.HasCount(3, plan);
        CollectionAssert.AreEqual(
            new[] { KeyValuePair.Create("conv", 0.02) }, training.KernelDecays.ToArray());
        CollectionAssert.AreEquivalent(
            new[]
            {
                "scale (the pictures' own mean and deviation are taken)", "noise (GaussianNoise)", "drop (SpatialDropout2D)",
                "conv: trainable false", "conv: kernel_initializer RandomNormal", "conv: bias_regularizer", "conv: kernel_constraint",
                "dense: kernel_regularizer",
            },
            training.Ignored.ToArray());
    }
}
