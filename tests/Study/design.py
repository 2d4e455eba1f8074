"""Designs in which every run changes about half of the factors, so that each factor is measured by all runs: design.py JOBS | design.py effects RESULTS"""
import json, sys, numpy as np
DESIGNS = {
    "S60": (10, dict(epochs=60, mixup=.5, cutmix=.5), dict(
        mix=[dict(mixup=.5, cutmix=.5), dict(mixup=.25, cutmix=.25)], drop=[.5, .35], scale=[.35, .5], first=[128, 0], mixuntil=[1., .85])),
    "T60": (12, dict(epochs=60, kd=.5, feat=.5, mixup=.25, cutmix=.25), dict(
        mix=[dict(mixup=.5, cutmix=.5), dict(mixup=.25, cutmix=.25)], kd=[.35, .7], temp=[2., 4.], feat=[0., .5], drop=[.5, .35], first=[128, 0])),
    "S15": (15, dict(epochs=15), dict(scale=[.35, .5], colour=[.2, .1], first=[128, 0], drop=[.5, .35])),
    "T15": (15, dict(epochs=15, kd=.5, feat=.5), dict(
        kd=[.35, .7], temp=[2., 4.], feat=[0., .5], scale=[.35, .5], first=[128, 0], drop=[.5, .35])),
}

def jobs():
    lists = []
    for k, (name, (runs, base, factors)) in enumerate(DESIGNS.items()):
        g = np.random.default_rng(100 + k); best = None
        for _ in range(3000):                                               # balanced columns, least correlated
            X = np.stack([g.permutation(np.arange(runs) % len(v)) for v in factors.values()], 1)
            c = np.abs(np.corrcoef(np.concatenate([X, (np.arange(runs) % 5)[:, None]], 1).T) - np.eye(len(factors) + 1)).max()
            if best is None or c < best[0]: best = c, X
        rows = []
        for i, x in enumerate(best[1]):
            o = dict(base, name=name, fold=i % 5, seed=1 + i // 5, levels=[int(v) for v in x])
            for (f, v), l in zip(factors.items(), x): o.update(v[l] if isinstance(v[l], dict) else {f: v[l]})
            rows.append(o)
        lists.append(rows)
    out = []                                                                # proportionally in turn
    while any(lists):
        r = max(lists, key=lambda rows: len(rows) / DESIGNS[rows[0]["name"]][0] if rows else -1); out.append(r.pop(0))
    return out

def effects(path):
    rows = [json.loads(l) for l in open(path)]; print("faults", [r for r in rows if "error" in r][:2])
    for name, (runs, base, factors) in DESIGNS.items():
        rs = [r for r in rows if r.get("name") == name and "acc" in r]
        if len(rs) < 4: print(name, len(rs)); continue
        A = []; labels = ["mean"] + [f"fold{i}" for i in range(1, 5)] + [f"{f}:{v[l]}" for f, v in factors.items() for l in range(1, len(v))]
        for r in rs: A.append([1] + [float(r["fold"] == i) - .2 for i in range(1, 5)] + [float(x == l) for x, (f, v) in zip(r["levels"], factors.items()) for l in range(1, len(v))])
        A = np.array(A); lam = np.diag([1e-6] + [.15] * 4 + [.05] * (A.shape[1] - 5))
        for kind in ("plain", "flip", "ema0.995+flip"):
            y = np.array([r["acc"][kind] for r in rs]); inv = np.linalg.inv(A.T @ A + lam); w = inv @ A.T @ y; e = y - A @ w
            sd = (e @ e / max(1, len(rs) - A.shape[1])) ** .5; se = sd * np.sqrt(np.diag(inv))
            print(f"{name} {len(rs)} runs, {kind}: mean {y.mean():.2f}, base {w[0]:.2f}, sd {sd:.2f}; " + ", ".join(f"{l} {a:+.2f}±{s:.2f}" for l, a, s in list(zip(labels, w, se))[5:]))
        print("   best", sorted([(r["acc"]["flip"], r["fold"], {k: v for k, v in r["options"].items() if k in ("batch", "lr", "scale", "colour", "first", "size", "smooth", "drop", "ta", "warm", "kd", "temp", "feat", "mixup", "mixuntil")}) for r in rs], key=lambda t: -t[0])[:3], "s", round(np.mean([r["seconds"] for r in rs]), 1))

if __name__ == "__main__":
    if sys.argv[1] == "effects": effects(sys.argv[2])
    else:
        js = jobs(); json.dump(js, open(sys.argv[1], "w"))
        print(len(js), "jobs", sum(2727 // j.get("batch", 64) * j["epochs"] for j in js), "steps", {n: sum(j["name"] == n for j in js[:30]) for n in DESIGNS})
