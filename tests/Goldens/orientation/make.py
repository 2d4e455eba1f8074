"""Makes the pictures of this folder with Pillow 13, and asserts that ImageOps.exif_transpose turns each upright."""
from PIL import Image, ImageOps, PngImagePlugin

WIDTH, HEIGHT = 24, 16
T = Image.Transpose
STORED = {1: None, 2: T.FLIP_LEFT_RIGHT, 3: T.ROTATE_180, 4: T.FLIP_TOP_BOTTOM, 5: T.TRANSPOSE, 6: T.ROTATE_90,
          7: T.TRANSVERSE, 8: T.ROTATE_270}  # what the turn of each orientation undoes


def exif(orientation, order="II", tag=0x0112):
    end = "big" if order == "MM" else "little"
    number = lambda value, size: value.to_bytes(size, end)
    return (b"Exif\0\0" + order.encode() + number(42, 2) + number(8, 4) + number(1, 2)
            + number(tag, 2) + number(3, 2) + number(1, 4) + number(orientation, 2) + bytes(2) + bytes(4))


def xmp(orientation, element=False):
    note = (f'><tiff:Orientation>{orientation}</tiff:Orientation></rdf:Description>' if element
            else f' tiff:Orientation="{orientation}"/>')
    return ('<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
            '<rdf:Description rdf:about="" xmlns:tiff="http://ns.adobe.com/tiff/1.0/"' + note
            + '</rdf:RDF></x:xmpmeta>')


def texts(key, text, zipped, international):
    info = PngImagePlugin.PngInfo()
    if international:
        info.add_itxt(key, text, zip=zipped)
    else:
        info.add_text(key, text, zip=zipped)
    return info


def profile(orientation):
    data = exif(orientation, "MM").hex()
    return f"\nexif\n{len(data) // 2:8}\n" + "\n".join(data[i:i + 72] for i in range(0, len(data), 72)) + "\n"


XMP = "XML:com.adobe.xmp"
OTHER = 0x0110  # a tag that is not the orientation's
WAYS = {
    "png": {
        "exif": lambda n: {"exif": exif(n, "MM")},
        "xmp": lambda n: {"pnginfo": texts(XMP, xmp(n), False, True)},
        "xmp-deflated": lambda n: {"pnginfo": texts(XMP, xmp(n, element=True), True, True)},
        "profile": lambda n: {"pnginfo": texts("Raw profile type exif", profile(n), True, False)},
        "both": lambda n: {"exif": exif(n), "pnginfo": texts(XMP, xmp(9 - n), False, True)},
        "exif-without": lambda n: {"exif": exif(1, tag=OTHER), "pnginfo": texts(XMP, xmp(n), False, True)},
    },
    "webp": {
        "exif": lambda n: {"exif": exif(n)},
        "xmp": lambda n: {"xmp": xmp(n).encode()},
        "both": lambda n: {"exif": exif(n, "MM"), "xmp": xmp(9 - n).encode()},
    },
    "jpg": {
        "exif": lambda n: {"exif": exif(n)},
        "xmp": lambda n: {"xmp": xmp(n, element=True).encode()},
        "both": lambda n: {"exif": exif(n, "MM"), "xmp": xmp(9 - n).encode()},
    },
}
SAVED = {"png": {}, "webp": {"lossless": True, "exact": True}, "jpg": {"quality": 95, "subsampling": 0}}

upright = Image.new("RGB", (WIDTH, HEIGHT))
upright.putdata([(x * 10, y * 15, 255 - x * 5 - y * 5) for y in range(HEIGHT) for x in range(WIDTH)])
upright.save("upright.png")
for ending, ways in WAYS.items():
    for way, notes in ways.items():
        for orientation, turn in STORED.items():
            stored = upright if turn is None else upright.transpose(turn)
            name = f"{way}-{orientation}.{ending}"
            stored.save(name, **SAVED[ending], **notes(orientation))
            with Image.open(name) as opened:
                turned = ImageOps.exif_transpose(opened).convert("RGB")
            assert turned.size == upright.size, name
            pairs = zip(turned.getdata(), upright.getdata())
            worst = max(abs(a - b) for one, other in pairs for a, b in zip(one, other))
            assert worst <= (12 if ending == "jpg" else 0), (name, worst)
