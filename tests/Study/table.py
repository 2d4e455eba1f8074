"""results.jsonl to a Markdown table: each change beside `base` on the same folds. /usr/bin/python3 table.py results.jsonl"""
import json, sys, numpy as np
rows = {}
for l in open(sys.argv[1]):
    r = json.loads(l)
    if "acc" in r: rows[r["name"], r["fold"]] = r
bits = lambda r: np.unpackbits(np.frombuffer(bytes.fromhex(r["right"]), np.uint8)).astype(int)
print("| change | folds | plain | flip | EMA 0.98, flip | EMA 0.995, flip | flip less base on the same folds | better/worse pictures, z | loss |\n| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
for n in dict.fromkeys(n for n, f in rows):
    fs = [f for f in range(5) if (n, f) in rows]; g = lambda k: np.array([rows[n, f]["acc"][k] for f in fs]); d = g("flip") - np.array([rows["base", f]["acc"]["flip"] for f in fs])
    w = sum(((bits(rows[n, f]) == 1) & (bits(rows["base", f]) == 0)).sum() for f in fs); l = sum(((bits(rows[n, f]) == 0) & (bits(rows["base", f]) == 1)).sum() for f in fs)
    print(f"| {n} | {len(fs)} | {g('plain').mean():.2f} | {g('flip').mean():.2f} | {g('ema0.98+flip').mean():.2f} | {g('ema0.995+flip').mean():.2f} | {d.mean():+.2f} ({', '.join('%+.1f' % v for v in d)}) | {w}/{l}, {(w - l) / max(1, w + l) ** .5:+.1f} | {np.mean([rows[n, f]['loss'] for f in fs]):.3f} |")
