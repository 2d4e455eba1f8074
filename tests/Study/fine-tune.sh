#!/usr/bin/env bash
# Whether a model of half of the classes helps to learn all of them in few epochs:
#
#   tests/Study/fine-tune.sh PICTURES OUTPUT [EPOCHS [HALF_EPOCHS]]
#
# PICTURES is a folder with train, validation and test, OUTPUT a new one. It trains on every second class for HALF_EPOCHS
# (30), then on all classes for EPOCHS (3) from that model in several ways, and from scratch; it prints the test of each and
# writes the run folders. ALEXNET is the command (alexnet), RECIPE the flags of all runs, CROP the first side of their
# squares as a share of the network's (0.5625; empty for all of it), and STACK more flags for what starts from scratch, in which CLASSES is the
# number of classes, such as
# "--model small-CLASSES.json --image-size 128".
set -euo pipefail
pictures=$(realpath "$1")
output=$2
epochs=${3:-3}
half_epochs=${4:-30}
alexnet=${ALEXNET:-alexnet}
stack=${STACK:-}
recipe=${RECIPE:---optimizer AdamW --learning-rate 0.001 --weight-decay 0.05 --warm-up-steps 144 --label-smoothing 0.1 \
--smallest-area 0.35 --color-jitter 0.2}
crop=${CROP-0.5625}
whole="--batch-normalization${crop:+ --initial-crop-share $crop}"

half=$output/half-of-the-classes
for part in train validation test; do
    mkdir -p "$half/$part"
    number=0
    for class in "$pictures/$part"/*/; do
        if ((number++ % 2 == 0)); then ln -s "$class" "$half/$part/$(basename "$class")"; fi
    done
done

# run NAME PICTURES FLAGS...
run() {
    local name=$1 start=$SECONDS
    shift
    $alexnet train "$@" --recipe plain --output "$output/$name" >"$output/$name.txt"
    echo "$name: $(grep '^Test' "$output/$name.txt"), $((SECONDS - start)) s"
}

# The flags are words on purpose.
# shellcheck disable=SC2086
{
    run half "$half" $recipe $whole ${stack//CLASSES/$(ls "$half/train" | wc -l)} --epochs "$half_epochs"
    model=$output/half/model.zip
    run scratch "$pictures" $recipe $whole ${stack//CLASSES/$(ls "$pictures/train" | wc -l)} --epochs "$epochs"
    run fine-tuned "$pictures" $recipe $whole --epochs "$epochs" --initial-weights "$model"
    run old-layers-slower "$pictures" $recipe $whole --epochs "$epochs" --initial-weights "$model" --initial-weights-rate 0.3
    run head "$pictures" $recipe --epochs "$epochs" --initial-weights "$model" --freeze-until dense_2
}
