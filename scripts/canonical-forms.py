"""Writes the tables of canonical (de)composition that src/MlNetAlexNet/Models/canonical-forms.txt holds, from Python's copy of
the Unicode character database, and what Python makes of samples for the tests. Later versions of Unicode only add to it."""
import random
import sys
import unicodedata as u

TABLE = "src/MlNetAlexNet/Models/canonical-forms.txt"
SAMPLES = "tests/Goldens/unicode/compositions.txt"
HANGUL = range(0xAC00, 0xD7A4)  # by arithmetic

letters = [chr(code) for code in range(sys.maxunicode + 1) if not 0xD800 <= code < 0xE000]


def parts(letter):
    mapping = u.decomposition(letter)
    return [] if not mapping or mapping.startswith("<") else [int(part, 16) for part in mapping.split()]


with open(TABLE, "w", newline="\n") as file:
    file.write(f"# Unicode {u.unidata_version}: a letter and its parts; '!' before one that is not composed again.\n")
    decomposed = [letter for letter in letters if parts(letter) and ord(letter) not in HANGUL]
    for letter in decomposed:
        excluded = "" if u.normalize("NFC", letter) == letter else "!"
        file.write(excluded + " ".join(f"{code:X}" for code in [ord(letter), *parts(letter)]) + "\n")
    file.write("# Marks by their combining class: class, first, last.\n")
    start = None
    for letter in letters + ["\0"]:
        mark = u.combining(letter)
        if start and (mark != u.combining(start) or ord(letter) != ord(last) + 1):
            file.write(f"{u.combining(start)} {ord(start):X} {ord(last):X}\n")
            start = None
        if mark and not start:
            start = letter
        last = letter

# A sequence and its NFC, in hexadecimal: every decomposition, then letters and marks in any order.
random.seed(1)
marks = [letter for letter in letters if u.combining(letter)]
bases = decomposed + [chr(random.choice(HANGUL)) for _ in range(100)] + list("aeioucnsKG\u1100\u1161\u11a8\u0915")
sequences = [u.normalize("NFD", letter) for letter in decomposed]
sequences += ["".join(random.choice(random.choice([bases, marks])) for _ in range(6)) for _ in range(1500)]
with open(SAMPLES, "w", newline="\n") as file:
    for text in sequences:
        file.write(" ".join(f"{ord(c):X}" for c in text) + ";" + " ".join(f"{ord(c):X}" for c in u.normalize("NFC", text)) + "\n")
