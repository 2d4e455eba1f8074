"""Pictures of FOLDER (train, validation, test) as squares of 256 in WebP, to pictures.bin and pictures.json: pack.py FOLDER QUALITY [LIMIT]"""
import os, io, sys, numpy as np, json
from PIL import Image, ImageOps
root=sys.argv[1]; classes=sorted(os.listdir(root+"/train")); q=int(sys.argv[2]); limit=int(sys.argv[3]) if len(sys.argv)>3 else 10**9
blobs=[];labels=[];split=[];n=0
for s,name in enumerate(("train","validation","test")):
    for k,c in enumerate(classes):
        d=f"{root}/{name}/{c}"
        for p in sorted(os.listdir(d)) if os.path.isdir(d) else []:
            n+=1
            if limit<10**9 and n%(3781//limit): continue
            im=ImageOps.fit(ImageOps.exif_transpose(Image.open(f"{d}/{p}")).convert("RGB"),(256,256),Image.BILINEAR)
            b=io.BytesIO(); im.save(b,"WEBP",quality=q,method=6); blobs.append(b.getvalue());labels.append(k);split.append(s)
off=np.cumsum([0]+[len(b) for b in blobs]).astype("i8")
print(len(blobs),off[-1]/len(blobs),"bytes each",off[-1]/2**20*3781/len(blobs),"MiB in all", np.bincount(split))
if len(sys.argv)<=3:
    open("pictures.bin","wb").write(b"".join(blobs)); json.dump(dict(classes=classes,labels=labels,split=split,offsets=off.tolist()),open("pictures.json","w"))
