#!/usr/bin/env bash
# The long runs of docs/accuracy.md: three seeds of each training, one after the other.
#
#   tests/Study/accuracy.sh PICTURES OUTPUT NAME...
#
# PICTURES is a folder with train, validation and test; OUTPUT gets a run folder and a text of each run. NAME is one of the
# trainings below, or all. A run whose model is there is left alone, and one that was interrupted is gone on with, so that the study
# can be ended and begun again at any time. ALEXNET is the command (alexnet), SEEDS are the seeds ("1 2 3"). Each model is also tested
# with the mirrored picture.
#
# Two cores with AVX-512 BF16 train an epoch in 26 to 32 s where nothing runs beside it; a teacher takes 4 minutes before the first, for
# the 24 views of the long one 13.
set -euo pipefail
pictures=$(realpath "$1")
mkdir -p "$2"
output=$(realpath "$2")
shift 2
alexnet=${ALEXNET:-alexnet}

flags() {
    case $1 in
        short) echo "--recipe small-data" ;;
        long) echo "--recipe thorough" ;;
        short-taught) echo "--recipe small-data --teacher resnet18" ;;
        long-taught) echo "--recipe thorough --teacher resnet18 --teacher-views 24 --teacher-weight 0.85" ;;
        *) echo "'$1' is no training of this study: short, long, short-taught, long-taught or all." >&2; exit 2 ;;
    esac
}

[[ $* == all ]] && set -- short short-taught long-taught long
for name in "$@"; do
    words=$(flags "$name")
    for seed in ${SEEDS:-1 2 3}; do
        run=$output/$name-$seed
        # An interrupted run has a model, too, and checkpoints.
        if [[ ! -e $run/metrics.json ]] || compgen -G "$run/checkpoints/*.json" >/dev/null; then
            start=$SECONDS
            # The flags are words on purpose.
            # shellcheck disable=SC2086
            if compgen -G "$run/checkpoints/*.json" >/dev/null; then
                $alexnet train --resume "$run" >>"$run.txt"
            else
                $alexnet train "$pictures" $words --seed "$seed" --output "$run" --overwrite >"$run.txt"
            fi
            echo "$((SECONDS - start)) s" >>"$run.txt"
        fi
        for part in validation test; do
            text=$run-$part-mirrored.txt
            if [[ ! -s $text ]]; then
                $alexnet evaluate "$run/model.zip" "$pictures/$part" --mirrored >"$text.tmp"
                mv "$text.tmp" "$text"
            fi
        done
        echo "$name, seed $seed: $(grep '^Test' "$run.txt"); mirrored$(grep -h -o 'top-1 [0-9.]*%' "$run-test-mirrored.txt" | sed 's/top-1//')"
    done
done
