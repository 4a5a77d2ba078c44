#!/usr/bin/env python3
"""Verifies a registry's ledger from a folder or a web server. One file, no dependency, Python 3.9 or later.

--from is the folder or address under which `checkpoint` and `tile/` stand. --since is a checkpoint that held before: keep each
that this program accepted, without one a rollback is not noticed. Exit status: 0 verified; 1 refused, with one line
`refused: <code>: <where>`; 2 usage, or something could not be read. The whole log is held in memory."""
import argparse, base64, collections, contextlib, hashlib, http.client, json, os, re, sys, urllib.request
from datetime import datetime, timedelta

SANCTION = """sanction-submitted notice-delivered notice-stated sanction-visible sanction-retokenised echo-review
    echo-confirmed erasure-requested subject-erased texts-erased erased appeal-opened appeal-withdrawal claim
    recused evidence-delivered evidence-rejected evidence-disputed dispute-settled relief appeal-decided
    inspection-opened inspection-closed panel-asked panel-answered""".split()
CHANGES = "sanction-ended sanction-suspended sanction-reinstated sanction-amended".split()  # these owe recalls
PUBLIC = """key-added key-revoked registry-key party-proposed party-registered party-objected party-admitted
    party-warned party-suspended party-restored party-left party-reenrol-announced party-reenrol-stopped
    reviewer-added reviewer-removed taxonomy limits authority-demand authority-attested order-executed
    panel-opened panel-closed inspections-drawn oprf-epoch prefix-set witness-policy restored""".split()
FORMS = {  # the members beside v, type and at: those needed, those that may be there
    **dict.fromkeys(SANCTION, ({"ref", "digest"}, set())),
    **dict.fromkeys(CHANGES + ["finding"], ({"ref", "digest"}, {"cause", "recalls"})),
    **dict.fromkeys("sanction-disclosed recall-issued recall-overdue question-asked question-answered".split(), ({"pair", "digest"}, set())),
    "recall-acknowledged": ({"pair", "digest", "ack"}, set()), "calls": ({"count", "root"}, set()),
    **dict.fromkeys(PUBLIC, ({"detail"}, set()))}
EXACT = {"registry-key": {"use": str, "kid": str, "statement": str}, "key-added": {  # details with these members and no others
    "party": str, "kid": str, "holder": str, "role": str, "admin": bool, "position": int, "statement": str}}
PARTIAL = {"party-registered": {"party": str}, "party-reenrol-stopped": {"invite": str},  # and perhaps others
    "party-reenrol-announced": {"party": str, "holder": str, "invite": str, "effectiveAt": str}}
TILE, MAX_ENTRY, MAX_CHECKPOINT, OVERDUE, NEGLECTED = 256, 65535, 1_000_000, timedelta(hours=24), timedelta(hours=133)
REENROL = timedelta(days=7)
NOTE = "((.+)\n(0|[1-9][0-9]{0,15})\n(.+)\n(?:.+\n)*)\n((?:— [^\\s+]+ [A-Za-z0-9+/]+={0,2}\n)+)"  # text (origin, size, root), lines
MALFORMED = (ValueError, KeyError, TypeError, AttributeError, RecursionError)  # what reading bad input raises

class Refused(Exception):
    """The ledger does not hold: `<code>: <file or entry>`."""

def need(condition, refusal=None):
    """Unless the condition holds, the ledger is refused; or, where no refusal is given, an input is malformed."""
    if not condition:
        raise Refused(refusal) if refusal else ValueError("malformed")

@contextlib.contextmanager
def refusing(refusal):
    """Refuses the ledger where an input turns out to be malformed."""
    try:
        yield
    except MALFORMED:
        raise Refused(refusal) from None

# Ed25519, RFC 8032 section 5.1, in plain coordinates (x, y): slow and not constant-time, for public data only.
P, L = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
D, SQRT_MINUS_1 = -121665 * pow(121666, -1, P) % P, pow(2, (P - 1) // 4, P)

def add(p, q):
    """The sum of two points."""
    product = D * p[0] * q[0] * p[1] * q[1]
    x = (p[0] * q[1] + p[1] * q[0]) * pow(1 + product, -1, P) % P
    return x, (p[1] * q[1] + p[0] * q[0]) * pow(1 - product, -1, P) % P

def multiply(number, point):
    """The point, number times."""
    rest = multiply(number >> 1, add(point, point)) if number > 1 else (0, 1)
    return add(rest, point) if number & 1 else rest

def decode_point(data):
    """The point of 32 bytes, which have to be its canonical encoding."""
    y, sign = int.from_bytes(data, "little") & (1 << 255) - 1, data[31] >> 7
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    x = x if (x * x - square) % P == 0 else x * SQRT_MINUS_1 % P
    need(y < P and (x * x - square) % P == 0 and not (x == 0 and sign))
    return (x if x & 1 == sign else P - x), y

def check_ed25519(public, message, signature):
    """Checks a signature, without cofactor. Key or R of small order and second encodings of key, R or S are malformed."""
    need(len(public) == 32 and len(signature) == 64)
    (x, y), r, s = decode_point(public), decode_point(signature[:32]), int.from_bytes(signature[32:], "little")
    need(multiply(8, (x, y)) != (0, 1) and multiply(8, r) != (0, 1) and s < L)
    k = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % L
    base = decode_point((4 * pow(5, -1, P) % P).to_bytes(32, "little"))
    x, y = add(multiply(s, base), multiply(k, (P - x, y)))
    need((y | (x & 1) << 255).to_bytes(32, "little") == signature[:32])

N = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551  # order of P-256

def check_es256_form(signature):
    """r and s of ECDSA are in range and s in the lower half: n - s would be a second signature. The rest needs another curve."""
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    need(len(signature) == 64 and 0 < r < N and 0 < s <= N // 2)

# Encodings: whatever is not exactly in form raises one of MALFORMED.
def sha256(data): return hashlib.sha256(data).digest()
def to_base64url(data): return base64.urlsafe_b64encode(data).decode().rstrip("=")

def from_base64url(text, size=None):
    """The bytes of unpadded base64url, in their only spelling; perhaps of a certain size."""
    data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    need(to_base64url(data) == text and size in (None, len(data)))
    return data

def from_base64(text):
    """The bytes of padded base64, in their only spelling."""
    data = base64.b64decode(text, validate=True)
    need(base64.b64encode(data).decode() == text)
    return data

def parse_json(data):
    """Strict JSON in UTF-8: no member twice, numbers whole and safe. Members come out sorted as RFC 8785 has them."""
    def members(pairs):
        need(len(dict(pairs)) == len(pairs))
        return dict(sorted(pairs, key=lambda pair: pair[0].encode("utf-16-be")))

    def whole(text):
        need(re.fullmatch("-?[0-9]{1,16}", text) and abs(int(text)) < 2**53)
        return int(text)
    return json.loads(data.decode(), object_pairs_hook=members, parse_int=whole, parse_float=whole, parse_constant=whole)

def canonical(value):
    """RFC 8785 of what parse_json gave. Compare values by it: to Python, True == 1."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()

def time_of(text):
    """An RFC 3339 time in UTC, with whole seconds or milliseconds."""
    need(re.fullmatch(r"[0-9]{4}(-[0-9]{2}){2}T[0-9]{2}(:[0-9]{2}){2}(\.[0-9]{3})?Z", text))
    return datetime.strptime(text[:19], "%Y-%m-%dT%H:%M:%S") + timedelta(milliseconds=int(text[20:-1] or 0))

def thumbprint(jwk):
    """RFC 7638 of a public key with its required members and no others: the kid of the key."""
    curve, names = {"OKP": ("Ed25519", {"x"}), "EC": ("P-256", {"x", "y"})}[jwk["kty"]]
    need(jwk["crv"] == curve and jwk.keys() == {"kty", "crv"} | names and all(from_base64url(jwk[name], 32) for name in names))
    return to_base64url(sha256(canonical(dict(sorted(jwk.items())))))

def merkle_root(hashes):
    """The root over leaf hashes: RFC 6962, section 2.1."""
    if len(hashes) < 2:
        return hashes[0] if hashes else sha256(b"")
    split = 1 << (len(hashes) - 1).bit_length() - 1
    return sha256(b"\x01" + merkle_root(hashes[:split]) + merkle_root(hashes[split:]))

def read(place, name, limit):
    """The bytes of a file of the ledger, one more than the limit at most; None where there is no such file."""
    web = re.match("https?://", place)
    try:
        with urllib.request.urlopen(f"{place}/{name}", timeout=30) if web else open(os.path.join(place, name), "rb") as file:
            return file.read(limit + 1)
    except OSError as error:
        if isinstance(error, FileNotFoundError) or getattr(error, "code", None) == 404:
            return None
        raise

def read_tile(place, kind, number, width, limit, missing):
    """Name, width and bytes of a tile or bundle: the file of this width, or else the full one, which the caller cuts."""
    *groups, last = re.findall("...", "0" * (-len(str(number)) % 3) + str(number))
    full = "/".join(["tile", str(kind), *("x" + group for group in groups), last])
    partial = full if width == TILE else f"{full}.p/{width}"
    for name, there in (partial, width), (full, TILE):
        data = read(place, name, limit)
        if data is not None:
            return name, there, data
    raise Refused(f"{missing}: {partial}")

def read_bundle(place, number, width):
    """The entries of a bundle, each after its length."""
    name, there, data = read_tile(place, "entries", number, width, TILE * (2 + MAX_ENTRY), "entries-missing")
    entries, at = [], 0
    while at < len(data):
        start, at = at + 2, at + 2 + int.from_bytes(data[at:at + 2], "big")
        entries.append(data[start:at])
    need(at == len(data) and len(entries) == there, f"entries-malformed: {name}")
    return entries[:width]

def check_tiles(place, hashes):
    """Compares the tiles of every level with the leaf hashes and the subtree roots above them."""
    level = 0
    while hashes:
        tiles = [hashes[start:start + TILE] for start in range(0, len(hashes), TILE)]
        for number, tile in enumerate(tiles):
            name, there, data = read_tile(place, level, number, len(tile), TILE * 32, "tile-missing")
            need(len(data) == there * 32 and data[:len(tile) * 32] == b"".join(tile), f"tile-mismatch: {name}")
        level, hashes = level + 1, [merkle_root(tile) for tile in tiles if len(tile) == TILE]

def verifier_key(text):
    """Name, id and public key of `<name>+<id in hex>+<base64 of 0x01 and the key>`."""
    name, key_id, encoded = text.split("+", 2)
    key = from_base64(encoded)
    need(len(key) == 33 and key[0] == 1 and sha256(name.encode() + b"\n" + key)[:4].hex() == key_id)
    return name, bytes.fromhex(key_id), key[1:]

def parse_checkpoint(data, where, ledger, log_key):
    """Rule 1: size and root of a checkpoint of this ledger that the pinned key signed."""
    name, key_id, public = log_key
    need(name == ledger, f"log-key-mismatch: {where}")
    need(data is not None, f"checkpoint-missing: {where}")
    with refusing(f"checkpoint-invalid: {where}"):
        text, origin, size, root, lines = re.fullmatch(NOTE, data.decode()).groups()
        need(len(data) <= MAX_CHECKPOINT and origin == ledger and len(from_base64(root)) == 32)
        named = [from_base64(encoded) for signer, encoded in re.findall("— (.+) (.+)\n", lines) if signer == name]
        own = [signature[4:] for signature in named if signature[:4] == key_id]
        need(own)
        for signature in own:
            check_ed25519(public, text.encode(), signature)
    return int(size), from_base64(root)

def parse_entry(raw):
    """Rule 5: an entry, strict and canonical and of the schema, as far as the page gives that."""
    entry = parse_json(raw)
    kind, recalls, detail = entry["type"], entry.get("recalls"), entry.get("detail")
    (needed, optional), types = FORMS[kind], EXACT.get(kind) or PARTIAL.get(kind, {})
    need(canonical(entry) == raw and canonical(entry["v"]) == b"1" and time_of(entry["at"]))
    need(needed <= entry.keys() - {"v", "type", "at"} <= needed | optional)
    need(all(from_base64url(entry[name], 32) for name in entry.keys() & {"ref", "pair", "digest", "ack", "root"}))
    need(type(entry.get("count", 1)) is int and entry.get("count", 1) >= 1 and entry.get("cause", "early") in ("early", "expired"))
    if "recalls" in entry:
        need(recalls.keys() == {"count", "root"} and from_base64url(recalls["root"], 32))
        need(type(recalls["count"]) is int and recalls["count"] >= 0)
    if "detail" in entry:
        need(type(detail) is dict and (kind not in EXACT or detail.keys() == types.keys()))
        need(all(type(detail[name]) is types[name] for name in types))
    return entry

def check_statement(detail, typ, signers, said):
    """One of the signers (kid to key), or else the key itself, stated this of the key. Returns it, and how it was signed."""
    signed, _, signature = detail["statement"].rpartition(".")
    header, body = (parse_json(from_base64url(part)) for part in signed.split("."))
    signer = body["jwk"] if signers is None else signers[header["kid"]]
    algorithm = {"OKP": "Ed25519", "EC": "ES256"}[signer["kty"]]
    need(header == {"alg": algorithm, "kid": thumbprint(signer), "typ": typ} and type(body["iat"]) is int)
    need(thumbprint(body["jwk"]) == detail["kid"] and all(canonical(body[name]) == canonical(said[name]) for name in said))
    need(body.keys() == said.keys() | {"jwk", "iat"} | ({"invite"} if typ == "recourse-enrol+jwt" else set()))
    if algorithm == "Ed25519":
        check_ed25519(from_base64url(signer["x"]), signed.encode(), from_base64url(signature))
    else:
        check_es256_form(from_base64url(signature))
    return body["jwk"], algorithm

class Rules:
    """Rules 5 to 11, over one entry after another."""

    def __init__(self, origin, log_public):
        log_jwk = {"crv": "Ed25519", "kty": "OKP", "x": to_base64url(log_public)}
        self.origin, self.log_keys, self.counts = origin, {thumbprint(log_jwk): log_jwk}, collections.Counter()
        self.where, self.parties, self.keys = None, {"operator", "panel"}, {}  # keys: kid to its detail, with jwk and revoked
        self.before, self.disclosed, self.open, self.acks = [], set(), {}, set()  # before: pairs recalled directly before
        self.latest, self.announced = datetime.min, {}  # announced: invite to detail and earliest instant of a new first key

    def check(self, index, raw):
        """Checks the next entry."""
        self.where = where = f"entry/{index}"
        with refusing(f"entry-invalid: {where}"):
            entry = parse_entry(raw)
        kind, detail, self.at = entry["type"], entry.get("detail"), time_of(entry["at"])
        self.counts[kind], self.latest = self.counts[kind] + 1, max(self.latest, self.at)
        if kind in CHANGES or "cause" in entry or "recalls" in entry:
            self.change(entry)
        need(kind == "recall-issued" or not self.before, f"recalls-mismatch: entry/{index - 1}")
        if kind == "registry-key":
            with refusing(f"registry-key-not-signed: {where}"):
                check_statement(detail, "recourse-registry-key+jwt", self.log_keys, {"aud": self.origin, "use": detail["use"]})
        elif kind == "party-registered":
            self.parties.add(detail["party"])
        elif kind == "key-added":
            self.key_added(detail)
        elif kind == "key-revoked":
            self.key_revoked(detail)
        elif kind == "party-reenrol-announced":
            with refusing(f"entry-invalid: {where}"):
                need(detail["party"] in self.parties - {"operator", "panel"} and detail["invite"] not in self.announced)
                effective = time_of(detail["effectiveAt"]).replace(microsecond=0)
                need(effective >= self.at + REENROL)
            self.announced[detail["invite"]] = (detail, effective)
        elif kind == "party-reenrol-stopped":
            need(self.announced.get(detail["invite"]), f"entry-invalid: {where}")
            self.announced[detail["invite"]] = None
        elif "pair" in entry:
            self.recall(kind, entry["pair"], entry.get("ack"))

    def key_added(self, detail):
        """Rule 7: the first key of a party signs for itself, every other is signed by an admin key of the party."""
        need(detail["party"] in self.parties, f"party-not-registered: {self.where}")
        added = [key for key in self.keys.values() if key["party"] == detail["party"]]
        said = {"aud": self.origin, "use": "sig", "role": detail["role"], "admin": detail["admin"]}
        typ, signers = "recourse-enrol+jwt", None
        if added and not self.begins_anew(detail, added):
            typ, said = "recourse-key+jwt", {**said, "party": detail["party"], "holder": detail["holder"]}
            signers = {key["kid"]: key["jwk"] for key in added if key["admin"] and not key["revoked"]}
        with refusing(f"key-not-chained: {self.where}"):
            need(detail["kid"] not in self.keys and detail["position"] == len(added) and (typ == "recourse-key+jwt" or detail["admin"]))
            jwk, algorithm = check_statement(detail, typ, signers, said)
        self.counts[algorithm] += 1
        self.keys[detail["kid"]] = {**detail, "jwk": jwk, "revoked": None}

    def begins_anew(self, detail, before):
        """Rule 7: whether this is a new first key: announced in time, stopped by nobody, every earlier key revoked."""
        with refusing(f"key-not-chained: {self.where}"):
            invite = parse_json(from_base64url(detail["statement"].split(".")[1])).get("invite")
            if not self.announced.get(invite):
                return False
            announcement, effective = self.announced[invite]
            need(all(announcement[name] == detail[name] for name in ("party", "holder")) and self.at >= effective)
            need(all(key["revoked"] for key in before))
            self.announced[invite] = None
            return True

    def key_revoked(self, detail):
        """Rule 7: once, but for a retired key that turns out to have been stolen."""
        with refusing(f"revocation-invalid: {self.where}"):
            key, why = self.keys[detail["kid"]], detail["why"]
            need(detail.keys() - {"since"} == {"party", "kid", "holder", "why", "call"} and from_base64url(detail["call"], 32))
            need(all(key[name] == detail[name] for name in ("party", "holder")) and time_of(detail.get("since", "2000-01-01T00:00:00Z")))
        need(why == "compromised" and key["revoked"] == "retired" or not key["revoked"], f"revocation-invalid: {self.where}")
        need(why in ("retired", "compromised"), f"revocation-invalid: {self.where}")
        key["revoked"] = why

    def change(self, entry):
        """Rule 8: the recalls directly before are those that the entry owes; an expiry owes none."""
        root = merkle_root([sha256(b"\x00" + from_base64url(pair, 32)) for pair in sorted(self.before)])
        owed = {"count": len(self.before), "root": to_base64url(root)}
        fits = len(set(self.before)) == len(self.before) and (entry.get("cause") == "early" or entry.get("cause") == "expired" and not self.before)
        need(fits and entry.get("recalls") == owed, f"recalls-mismatch: {self.where}")
        self.before = []

    def recall(self, kind, pair, ack):
        """Rules 9 to 11. A later recall of a pair takes the place of an open one."""
        recall = self.open.get(pair)
        if kind == "sanction-disclosed":
            self.disclosed.add(pair)
        elif kind == "recall-issued":
            need(pair in self.disclosed, f"recall-undisclosed: {self.where}")
            self.before.append(pair)
            self.open[pair] = {"where": self.where, "at": self.at, "overdue": False}
        elif kind == "recall-acknowledged":
            need(recall and ack and ack not in self.acks, f"acknowledgement-forged: {self.where}")
            self.acks.add(ack)
            del self.open[pair]
        elif kind == "recall-overdue":
            need(recall and not recall["overdue"] and self.at - recall["at"] >= OVERDUE, f"overdue-forged: {self.where}")
            recall["overdue"] = True

    def finish(self):
        """What shows only at the end: recalls that no change follows (rule 8), and neglected ones (rule 11)."""
        need(not self.before, f"recalls-mismatch: {self.where}")
        for recall in self.open.values():
            need(recall["overdue"] or self.latest - recall["at"] <= NEGLECTED, f"recall-neglected: {recall['where']}")

def verify(place, origin, log_key, since_file):
    """Checks all of it and yields a line for each kind of thing; raises Refused at the first fault."""
    ledger = origin.split("://")[1] + "/ledger"
    size, root = parse_checkpoint(read(place, "checkpoint", MAX_CHECKPOINT), "checkpoint", ledger, log_key)
    since = since_file and parse_checkpoint(read("", since_file, MAX_CHECKPOINT), since_file, ledger, log_key)
    need(not since or since[0] <= size, "rolled-back: checkpoint")
    entries = [entry for start in range(0, size, TILE) for entry in read_bundle(place, start // TILE, min(TILE, size - start))]
    leaves = [sha256(b"\x00" + entry) for entry in entries]
    check_tiles(place, leaves)
    need(merkle_root(leaves) == root, "root-mismatch: checkpoint")
    need(not since or merkle_root(leaves[:since[0]]) == since[1], "forked: checkpoint")
    rules = Rules(origin, log_key[2])
    for index, entry in enumerate(entries):
        rules.check(index, entry)
    rules.finish()
    n, unread = rules.counts, sum(rules.counts[kind] for kind in PUBLIC if kind not in EXACT)
    yield f"rule 1: checkpoint of {ledger}, {size} entries, signed by the pinned key {log_key[1].hex()}"
    yield f"rule 2: begins with the {since[0]} entries of {since_file}" if since else "rule 2: NOT CHECKED without --since"
    yield f"rules 3, 4: the bundles ({-(-size // TILE)}) and the tiles of every level agree, and give the signed root"
    yield f"rule 5: {size} entries, strict and canonical; {unread} with a detail of any form"
    yield f"rule 6: {n['registry-key']} registry keys, signed by the log key"
    yield f"rule 7: {n['key-added']} keys chained, {n['key-revoked']} revoked; NOT CHECKED, signatures with ES256: {n['ES256']}"
    yield f"rules 8, 9: {n['recall-issued']} recalls, each owed by the change after it, and disclosed before"
    yield f"rules 10, 11: {n['recall-acknowledged']} acknowledged, {n['recall-overdue']} overdue, {len(rules.open)} open, none neglected"
    yield f"verified: {size} entries, root {base64.b64encode(root).decode()}"

def main():
    """Reads the command line; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--from", dest="place", required=True, metavar="FOLDER-OR-URL")
    parser.add_argument("--origin", required=True, help="http(s) origin of the registry")
    parser.add_argument("--key", required=True, type=verifier_key, help="verifier key, from somebody you trust")
    parser.add_argument("--since", metavar="FILE", help="a checkpoint that held before")
    options = parser.parse_args()
    if not re.fullmatch(r"https?://[a-z0-9.:\[\]-]+", options.origin):
        parser.error("--origin is not an http(s) origin")
    try:
        print("\n".join(verify(options.place.rstrip("/"), options.origin, options.key, options.since)))
        return 0
    except Refused as refused:
        print(f"refused: {refused}")
        return 1
    except (OSError, http.client.HTTPException) as error:
        print(f"cannot read: {error}", file=sys.stderr)
        return 2

if __name__ == "__main__":
    sys.exit(main())
