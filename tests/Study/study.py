"""Which recipe trains an AlexNet best from few photographs? One card, several processes, one line of JSON a run.

    study.py unpack FOLDER OUT          FOLDER/pictures.bin, pictures.json to OUT/x.npy (N x 3 x 256 x 256 bytes)
    study.py run JOBS OUT RESULTS SECONDS WORKERS [--device cuda] [--teacher teacher.npz]

JOBS: a JSON list of {"name", "fold" (0..4 of train + validation; -1: train -> validation and test), "seed", options}.
"""
import contextlib, copy, json, math, multiprocessing as mp, os, sys, time
import numpy as np

DEFAULTS = dict(
    epochs=15, batch=64, lr=1e-3, wd=0.05, opt="adamw", beta2=0.999, warm=3.0, clip=0.0, floor=0.0,
    bn=1, drop=0.5, fcbn=1, init="he", last=0.01, scale=0.35, ratio=4 / 3, colour=0.2, ta=0, ra=0, erase=0.0,
    mixup=0.0, cutmix=0.0, alpha=0.2, mixuntil=1.0, smooth=0.1, size=227, first=128, grow=0.75, alias=1, pad="reflection",
    kd=0.0, temp=1.0, feat=0.0, tap="fc7", teacherlabels="oof", seed=1, fold=0, name="", group="")


def unpack(folder, out):
    import io
    from PIL import Image
    info = json.load(open(f"{folder}/pictures.json")); blob = open(f"{folder}/pictures.bin", "rb").read()
    n = len(info["labels"]); os.makedirs(out, exist_ok=True)
    x = np.lib.format.open_memmap(f"{out}/x.npy", "w+", np.uint8, (n, 3, 256, 256))
    from concurrent.futures import ThreadPoolExecutor
    def one(i):
        a, b = info["offsets"][i:i + 2]
        x[i] = np.asarray(Image.open(io.BytesIO(blob[a:b])).convert("RGB")).transpose(2, 0, 1)
    with ThreadPoolExecutor(os.cpu_count()) as pool: list(pool.map(one, range(n)))
    x.flush(); json.dump(info, open(f"{out}/info.json", "w"))
    print("unpacked", n, flush=True)


def spread(rows, limit): return rows[np.linspace(0, len(rows) - 1, min(limit, len(rows))).astype(int)]


class Study:
    def __init__(self, out, device, teacher):
        import torch
        self.torch, self.device = torch, device
        torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = True
        info = json.load(open(f"{out}/info.json"))
        self.X = torch.from_numpy(np.load(f"{out}/x.npy")).to(device)           # N x 3 x 256 x 256
        self.Y = torch.tensor(info["labels"], device=device); self.y = np.array(info["labels"]); self.split = np.array(info["split"])
        self.K = len(info["classes"])
        some = self.X[:1000].float(); self.mean, self.std = some.mean((0, 2, 3)).view(1, 3, 1, 1), some.std((0, 2, 3)).view(1, 3, 1, 1)
        self.inverse, self.shift, self.eye = 1 / self.std, -self.mean / self.std, torch.eye(self.K, device=device)
        # folds of train + validation, by class, always the same
        pool = np.where(self.split < 2)[0]; r = np.random.default_rng(0); self.fold = np.full(len(self.y), -1)
        for k in range(self.K):
            p = r.permutation(pool[self.y[pool] == k]); self.fold[p] = (np.arange(len(p)) + k) % 5
        self.teacher = Teacher(self, teacher) if teacher else None

    def cast(self):
        return self.torch.autocast(self.device, self.torch.bfloat16) if self.device == "cuda" else contextlib.nullcontext()

    def indices(self, fold):
        if fold < 0: return np.where(self.split == 0)[0], np.where(self.split > 0)[0]
        pool = self.split < 2
        return np.where(pool & (self.fold != fold))[0], np.where(pool & (self.fold == fold))[0]

    def network(self, o):
        with self.torch.device(self.device) if self.device == "cuda" else contextlib.nullcontext(): return self.build(o)

    def build(self, o):
        torch = self.torch; nn = torch.nn
        bn, fb = o["bn"], o["bn"] and o["fcbn"]
        conv = lambda i, n, k, s, p: [nn.Conv2d(i, n, k, s, p, bias=not bn)] + ([nn.BatchNorm2d(n)] if bn else []) + [nn.ReLU(True)]
        fc = lambda i, n: [nn.Dropout(o["drop"]), nn.Linear(i, n, bias=not fb)] + ([nn.BatchNorm1d(n)] if fb else []) + [nn.ReLU()]
        features = nn.Sequential(*conv(3, 96, 11, 4, 0), nn.MaxPool2d(3, 2), *conv(96, 256, 5, 1, 2), nn.MaxPool2d(3, 2), *conv(256, 384, 3, 1, 1),
                                 *conv(384, 384, 3, 1, 1), *conv(384, 256, 3, 1, 1), nn.MaxPool2d(3, 2), nn.AdaptiveAvgPool2d(6), nn.Flatten())
        hidden = nn.Sequential(*fc(9216, 4096), *fc(4096, 4096)); last = nn.Linear(4096, self.K)
        m = nn.ModuleDict(dict(features=features, hidden=hidden, last=last))
        if o["init"] == "he":
            for p in m.modules():
                if isinstance(p, (nn.Conv2d, nn.Linear)): nn.init.kaiming_normal_(p.weight, nonlinearity="relu")
        if o["last"] >= 0: nn.init.normal_(last.weight, 0, o["last"]) if o["last"] > 0 else nn.init.zeros_(last.weight)
        if o["feat"]: m["proj"] = nn.Linear(4096 if o["tap"] == "fc7" else 9216, self.teacher.width)
        return m.to(self.device).to(memory_format=torch.channels_last)

    def logits(self, m, x): return m["last"](m["hidden"](m["features"](x)))

    def evaluate(self, m, idx):
        """Probabilities of the middle crop, and the mean with those of the mirrored one."""
        torch = self.torch; m.eval(); a, b = [], []
        with torch.inference_mode(), self.cast():
            for k in range(0, len(idx), 256):
                t = ((self.X[idx[k:k + 256]].float() - self.mean) / self.std)[:, :, 14:241, 14:241].contiguous(memory_format=torch.channels_last)
                p = self.logits(m, t).float().softmax(1); a.append(p); b.append(p + self.logits(m, t.flip(3)).float().softmax(1))
        return torch.cat(a), torch.cat(b)

    def view(self, idx, size, o, g):
        """Random views, N x 3 x size x size, normalised."""
        torch, d = self.torch, self.device; F = torch.nn.functional; n = len(idx)
        x = self.X[idx].float()
        if o["scale"]:
            u = torch.rand(4, n, device=d)
            s = torch.sqrt(o["scale"] + (1 - o["scale"]) * u[0]); r = torch.exp((2 * u[1] - 1) * math.log(o["ratio"]) / 2)
            w, h = (s * r).clamp(max=1), (s / r).clamp(max=1); cx, cy = (2 * u[2] - 1) * (1 - w), (2 * u[3] - 1) * (1 - h)
        else:
            w = h = torch.full((n,), 227 / 256, device=d); u = torch.rand(2, n, device=d); cx, cy = (2 * u[0] - 1) * (1 - w), (2 * u[1] - 1) * (1 - h)
        flip = (torch.rand(n, device=d) < 0.5).float() * 2 - 1
        A = np.tile(np.eye(2, 3, dtype="f4"), (n, 1, 1)); ops = []
        for _ in range(o["ra"] or (1 if o["ta"] else 0)):                       # RandAugment's two of strength 0.3, or TrivialAugment's one of any
            kind = g.integers(0, 13, n); v = (g.random(n) if o["ta"] else np.full(n, 0.3)) * g.choice([-1.0, 1.0], n); ops.append((kind, v))
            for j, build in enumerate((lambda v: [[1, v, 0], [0, 1, 0]], lambda v: [[1, 0, 0], [v, 1, 0]], lambda v: [[1, 0, v * 0.3 / 0.99], [0, 1, 0]],
                                       lambda v: [[1, 0, 0], [0, 1, v * 0.3 / 0.99]],
                                       lambda v: [[math.cos(v * 2.356), -math.sin(v * 2.356), 0], [math.sin(v * 2.356), math.cos(v * 2.356), 0]])):
                for i in np.where(kind == j)[0]:
                    B = np.array(build(v[i] * 0.99), "f4"); A[i] = np.concatenate([A[i][:, :2] @ B[:, :2], A[i][:, :2] @ B[:, 2:] + A[i][:, 2:]], 1)
        th = torch.zeros(n, 2, 3, device=d); th[:, 0, 0], th[:, 1, 1], th[:, 0, 2], th[:, 1, 2] = w * flip, h, cx, cy
        if ops:
            B = torch.from_numpy(A).to(d); th = torch.cat([th[:, :, :2] @ B[:, :, :2], th[:, :, :2] @ B[:, :, 2:] + th[:, :, 2:]], 2)
        full = size if o["alias"] else max(size, 227)
        x = F.grid_sample(x, F.affine_grid(th, (n, 3, full, full), align_corners=False), align_corners=False, padding_mode=o["pad"])
        if full != size: x = F.interpolate(x, (size, size), mode="bilinear", align_corners=False, antialias=True)
        for kind, v in ops: x = self.colours(x, kind, v)
        x = torch.addcmul(self.shift, x, self.inverse)
        if o["colour"]:                                                         # brightness, contrast, colour, offset of the trial as one map
            c = 1 + (torch.rand(4, n, 1, 1, 1, device=d) * 2 - 1) * o["colour"]; grey = x.mean(1, keepdim=True); gm = grey.mean((2, 3), keepdim=True)
            rest = grey * ((1 - c[2]) * c[1] * c[0]) + ((1 - c[1]) * c[0] * gm + c[3] - 1); x = (x * (c[2] * c[1] * c[0])).add_(rest)
        return x

    def colours(self, x, kind, v):
        torch = self.torch; F = torch.nn.functional
        for j in range(5, 12):
            rows = np.where(kind == j)[0]
            if not len(rows): continue
            i = torch.from_numpy(rows).to(self.device); f = torch.from_numpy(v[rows].astype("f4")).to(self.device).view(-1, 1, 1, 1); p = x[i]
            if j == 5: p = p * (1 + 0.99 * f)                                                              # brightness
            elif j == 6: gm = p.mean((1, 2, 3), keepdim=True); p = (p - gm) * (1 + 0.99 * f) + gm          # contrast
            elif j == 7: gr = p.mean(1, keepdim=True); p = (p - gr) * (1 + 0.99 * f) + gr                  # colour
            elif j == 8: blur = F.avg_pool2d(F.pad(p, (1, 1, 1, 1), mode="replicate"), 3, 1); p = blur + (p - blur) * (1 + 0.99 * f)  # sharpness
            elif j == 9: q = 2 ** (6 * f.abs()).round(); p = torch.floor(p.clamp(0, 255) / q) * q          # posterize to 8..2 bits
            elif j == 10: p = torch.where(p >= 255 * (1 - f.abs()), 255 - p, p)                            # solarize
            else: lo, hi = p.amin((2, 3), keepdim=True), p.amax((2, 3), keepdim=True); p = (p - lo) * (255 / (hi - lo).clamp(min=1))  # autocontrast
            x[i] = p.clamp(0, 255)
        return x

    def train(self, o):
        torch = self.torch; F = torch.nn.functional; d = self.device; start = time.time()
        torch.manual_seed(1000 * o["seed"] + o["fold"]); g = np.random.default_rng(1000 * o["seed"] + o["fold"] + 7)
        tr, ev = self.indices(o["fold"]); tr_t, ev_t = torch.from_numpy(tr).to(d), torch.from_numpy(ev).to(d)
        if o["limit"]: ev = spread(ev, o["limit"]); tr_t, ev_t = torch.from_numpy(spread(tr, o["limit"])).to(d), torch.from_numpy(ev).to(d)
        heads = self.teacher.heads(o["fold"], o["limit"]) if o["kd"] or o["feat"] else None
        m = self.network(o); params = list(m.parameters())
        groups = [{"params": [p for p in params if p.dim() > 1], "weight_decay": o["wd"]}, {"params": [p for p in params if p.dim() <= 1], "weight_decay": 0.0}]
        fused = {"fused": True} if d == "cuda" else {}
        opt = torch.optim.SGD(groups, o["lr"], momentum=0.9, nesterov=True, **fused) if o["opt"] == "sgd" else torch.optim.AdamW(groups, o["lr"], (0.9, o["beta2"]), **fused)
        n = len(tr_t); steps = n // o["batch"]; total = int(steps * o["epochs"]); warm = int(steps * o["warm"])
        emas = [(decay, copy.deepcopy(m)) for decay in (0.995,)]; i = 0; tail = torch.zeros((), device=d); sizes = 0.0
        for e in range(o["epochs"]):
            grow = o["epochs"] * o["grow"]
            size = o["size"] if not o["first"] or e >= grow else int(round((o["first"] + (o["size"] - o["first"]) * e / grow) / 16) * 16)
            m.train(); order = tr_t[torch.randperm(n, device=d)]; sizes += (size / 227) ** 2 / o["epochs"]
            for k in range(steps):
                lr = o["lr"] * (min(1, (i + 1) / warm) if i < warm else o["floor"] + (1 - o["floor"]) * 0.5 * (1 + math.cos(math.pi * (i - warm) / max(1, total - warm)))); i += 1
                for q in opt.param_groups: q["lr"] = lr
                idx = order[k * o["batch"]:(k + 1) * o["batch"]]; y = self.eye[self.Y[idx]]
                if heads is None: x = self.view(idx, size, o, g); soft = feats = None
                else:
                    x = self.view(idx, 227, o, g); feats = self.teacher.features(x[:, :, 1:225, 1:225] * self.std + self.mean, o["fold"])
                    soft = self.teacher.soften(feats, idx, heads, o); x = x if size == 227 else F.interpolate(x, (size, size), mode="bilinear", align_corners=False, antialias=True)
                kind = g.random()
                if kind < o["mixup"] + o["cutmix"] and e < o["epochs"] * o["mixuntil"]:
                    perm = torch.randperm(len(x), device=d)
                    if kind < o["mixup"]: lam = float(g.beta(o["alpha"], o["alpha"])); x = lam * x + (1 - lam) * x[perm]
                    else:
                        hw = int(size * math.sqrt(1 - g.beta(1, 1))); a, b = g.integers(0, size - hw + 1, 2); x2 = x.clone()
                        x2[:, :, a:a + hw, b:b + hw] = x[perm][:, :, a:a + hw, b:b + hw]; x = x2; lam = 1 - (hw / size) ** 2
                    y = lam * y + (1 - lam) * y[perm]
                    if soft is not None: soft, feats = lam * soft + (1 - lam) * soft[perm], lam * feats + (1 - lam) * feats[perm]
                if o["erase"]:
                    for j in np.where(g.random(len(x)) < o["erase"])[0]:
                        area = g.uniform(0.02, 0.33); asp = math.exp(g.uniform(-1.2, 1.2)); hh, ww = int(size * min(1, math.sqrt(area * asp))), int(size * min(1, math.sqrt(area / asp)))
                        a, b = g.integers(0, size - hh + 1), g.integers(0, size - ww + 1); x[j, :, a:a + hh, b:b + ww] = 0
                x = x.contiguous(memory_format=torch.channels_last)
                with self.cast():
                    f = m["features"](x); h = m["hidden"](f); z = m["last"](h).float()
                    project = m["proj"](h if o["tap"] == "fc7" else f).float() if o["feat"] else None
                y = y * (1 - o["smooth"]) + o["smooth"] / self.K; loss = F.cross_entropy(z, y)
                if o["kd"]: loss = (1 - o["kd"]) * loss + o["kd"] * o["temp"] ** 2 * F.cross_entropy(z / o["temp"], soft)
                if o["feat"]: loss = loss + o["feat"] * F.mse_loss(project, feats)
                opt.zero_grad(set_to_none=True); loss.backward()
                if o["clip"]: torch.nn.utils.clip_grad_norm_(params, o["clip"])
                opt.step()
                if i % 4 == 0:
                    for decay, avg in emas:
                        w = 1 - min(decay ** 4, (1 + i) / (40 + i))
                        with torch.no_grad():
                            torch._foreach_mul_(list(avg.parameters()), 1 - w); torch._foreach_add_(list(avg.parameters()), params, alpha=w)
                            for b1, b2 in zip(avg.buffers(), m.buffers()):
                                if b1.is_floating_point(): b1.mul_(1 - w).add_(b2, alpha=w)
                if e == o["epochs"] - 1: tail += loss.detach() / steps
        took = None; tail = float(tail); took = time.time() - start
        y, out = self.Y[ev_t], {}
        for tag, net in [("", m)] + [(f"ema{decay}", avg) for decay, avg in emas]:
            p, q = self.evaluate(net, ev_t)
            for name, probabilities in ((tag or "plain", p), ((tag + "+flip") if tag else "flip", q)):
                right = (probabilities.argmax(1) == y).cpu().numpy()
                if o["fold"] < 0:
                    s = self.split[ev]; out[name] = [round(100 * float(right[s == 1].mean()), 2), round(100 * float(right[s == 2].mean()), 2)]
                else: out[name] = round(100 * float(right.mean()), 2)
                if name == "flip": bits = np.packbits(right).tobytes().hex()
        differ = {k: v for k, v in o.items() if k in DEFAULTS and v != DEFAULTS[k]}
        return dict(name=o["name"], fold=o["fold"], seed=o["seed"], acc=out, loss=round(tail, 4), seconds=round(took, 2), epochs=o["epochs"], options=differ,
                    teacher=round(self.teacher.accuracy[o["fold"]], 2) if heads is not None else None, right=bits)


class Teacher:
    """ResNet18 of Microsoft.ML.DnnImageFeaturizer.ResNet18: BGR bytes minus a mean picture, 224 x 224, to 512 features."""
    def __init__(self, study, path):
        torch = study.torch; self.s = study; z = np.load(path); d = study.device
        self.kind = torch.float16 if d == "cuda" else torch.float32
        self.w = {k: torch.from_numpy(z[k].astype("f4")).to(d).to(self.kind) for k in z.files if k not in ("graph", "mean")}
        for k, v in self.w.items():
            if v.dim() == 4: self.w[k] = v.contiguous(memory_format=torch.channels_last)
        self.mean = torch.from_numpy(z["mean"].astype("f4")).to(d); self.graph = json.loads(str(z["graph"])); self.width = 512
        self.cache, self.accuracy, self.norm = {}, {}, {}

    def raw(self, x):
        torch = self.s.torch; F = torch.nn.functional
        with torch.no_grad():
            t = {"in": (x.flip(1) - self.mean).to(self.kind).contiguous(memory_format=torch.channels_last)}
            for n in self.graph:
                a = t[n["in"][0]]
                if n["op"] == "conv":
                    p = n["pads"]; a = F.pad(a, (p[1], p[3], p[0], p[2])) if p[:2] != p[2:] else a
                    r = F.conv2d(a, self.w[n["w"]], self.w[n["b"]], n["stride"], 0 if p[:2] != p[2:] else p[0])
                elif n["op"] == "relu": r = a.relu()
                elif n["op"] == "pool": p = n["pads"]; r = F.max_pool2d(F.pad(a, (p[1], p[3], p[0], p[2]), value=float("-inf")), 3, 2)
                elif n["op"] == "add": r = a + t[n["in"][1]]
                else: r = a.float().mean((2, 3))
                t[n["out"]] = r
        return r

    def features(self, x, fold):
        mean, std = self.norm[fold]; return (self.raw(x) - mean) / std

    def heads(self, fold, limit):
        """A head for each of five parts of the training pictures, learnt from the others: 5 x 513 x K."""
        if fold in self.cache: return self.cache[fold]
        s, torch = self.s, self.s.torch; d = s.device; tr, ev = s.indices(fold); g = np.random.default_rng(5)
        if limit: tr, ev = spread(tr, limit), spread(ev, limit)
        o = dict(DEFAULTS); idx = torch.from_numpy(tr).to(d); views = []
        with torch.random.fork_rng(devices=[0] if d == "cuda" else []):
            torch.manual_seed(5)
            for v in range(5):
                views.append(torch.cat([self.raw((s.view(b, 224, o, g) * s.std + s.mean if v else s.X[b].float()[:, :, 16:240, 16:240])) for b in idx.split(256)]))
        f = torch.stack(views); mean, std = f.mean((0, 1)), f.std((0, 1)).clamp(min=1e-3); self.norm[fold] = (mean, std); f = (f - mean) / std   # 5 views x N x 512
        part = np.empty(len(tr), int)
        for k in range(s.K): p = np.where(s.y[tr] == k)[0]; p = g.permutation(p); part[p] = np.arange(len(p)) % 5
        self.part = getattr(self, "part", {}); full = np.zeros(len(s.y), int); full[tr] = part; self.part[fold] = torch.from_numpy(full).to(d)
        keep = torch.stack([torch.from_numpy(part != k) for k in range(5)]).float().to(d)                                    # 5 x N
        W = torch.zeros(5, 512, s.K, device=d, requires_grad=True); b = torch.zeros(5, 1, s.K, device=d, requires_grad=True)
        opt = torch.optim.Adam([W, b], 0.01); x = f.reshape(-1, 512); y = s.Y[idx].repeat(5); keep = keep.repeat(1, 5)
        for it in range(250):
            for q in opt.param_groups: q["lr"] = 0.01 * (1 - it / 250)
            z = x @ W + b; ce = -(z.log_softmax(2).gather(2, y.view(1, -1, 1).expand(5, -1, 1)).squeeze(2) * keep).sum(1) / keep.sum(1)
            loss = (ce + 1e-3 * (W ** 2).sum((1, 2))).sum(); opt.zero_grad(); loss.backward(); opt.step()
        W, b = W.detach(), b.detach(); e = torch.from_numpy(ev).to(d)
        with torch.no_grad():
            p = 0
            for flip in (0, 1):
                h = torch.cat([self.raw(s.X[c].float()[:, :, 16:240, 16:240].flip(3) if flip else s.X[c].float()[:, :, 16:240, 16:240]) for c in e.split(256)])
                p = p + ((((h - mean) / std) @ W + b).softmax(2).mean(0))
            self.accuracy[fold] = 100 * float((p.argmax(1) == s.Y[e]).float().mean())
        self.cache[fold] = (W, b); return self.cache[fold]

    def soften(self, feats, idx, heads, o):
        torch = self.s.torch; W, b = heads; z = torch.einsum("nf,kfc->knc", feats, W) + b                # 5 x N x K
        if o["teacherlabels"] == "oof": z = z[self.part[o["fold"]][idx], torch.arange(len(idx), device=z.device)]
        else: z = z.mean(0)
        return (z / o["temp"]).softmax(1)


def work(rank, jobs, out, results, deadline, device, teacher, nxt, lock, ready, limit):
    try:
        s = Study(out, device, teacher); torch = s.torch
        pace = {}
        while True:
            with lock: i = nxt.value; nxt.value += 1
            if i >= len(jobs): break
            o = dict(DEFAULTS, limit=limit); o.update(jobs[i]); key = bool(o["kd"] or o["feat"])
            left = deadline - time.time(); need = pace.get(key, 0) * o["epochs"] + 1
            if left < need: continue
            try:
                r = s.train(o); r["levels"] = o.get("levels"); pace[key] = 0.5 * pace.get(key, r["seconds"] / o["epochs"]) + 0.5 * r["seconds"] / o["epochs"]; r["job"] = i; write(results, r)
            except Exception as fault:
                import traceback; write(results, dict(name=o["name"], fold=o["fold"], error=repr(fault)[:300], trace=traceback.format_exc()[-800:]))
    except Exception as fault:
        import traceback; traceback.print_exc(); ready.set()


def write(path, row):
    with open(path, "a") as f: f.write(json.dumps(row) + "\n")


def main():
    if sys.argv[1] == "unpack": return unpack(*sys.argv[2:4])
    jobs, out, results, seconds, workers = json.load(open(sys.argv[2])), sys.argv[3], sys.argv[4], float(sys.argv[5]), int(sys.argv[6])
    opt = dict(zip(sys.argv[7::2], sys.argv[8::2])); device, teacher, limit = opt.get("--device", "cuda"), opt.get("--teacher"), int(opt.get("--limit", 0))
    deadline = time.time() + seconds; c = mp.get_context("spawn"); nxt, lock, ready = c.Value("i", 0), c.Lock(), c.Event()
    ps = [c.Process(target=work, args=(r, jobs, out, results, deadline, device, teacher, nxt, lock, ready, limit)) for r in range(workers)]
    for p in ps: p.start()
    for p in ps: p.join(max(0.1, deadline + 3 - time.time()))
    for p in ps:
        if p.is_alive(): p.terminate()
    print("done", sum(1 for _ in open(results)) if os.path.exists(results) else 0, "lines", flush=True)


if __name__ == "__main__": main()
