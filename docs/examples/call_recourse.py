#!/usr/bin/env python3
"""Makes one signed call to a Recourse registry and verifies its receipt. One file, no dependency, Python 3.9 or later.

Made from docs/writing-a-client.md. Exit status: 0 answered with a result, which is printed; 1 answered with a problem, which is
printed; 2 usage; 3 the answer does not verify. Ed25519 is that of RFC 8032, section 6, written for clarity: its time depends on
the key, so sign with a library where others can measure you."""
import argparse, base64, hashlib, json, os, secrets, sys, time, urllib.error, urllib.request

class Unverified(Exception):
    """What came is not what the registry signed."""

def need(condition, what):
    if not condition:
        raise Unverified(what)

P, L = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P

def sha512_int(data): return int.from_bytes(hashlib.sha512(data).digest(), "little")

def add(a, b):
    """The sum of two points in extended coordinates."""
    e, f = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    g, h = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    x, y, z, t = f - e, h - g, h + g, f + e
    return x * y % P, z * t % P, y * z % P, x * t % P

def multiply(scalar, point):
    result = (0, 1, 1, 0)
    for bit in bin(scalar)[2:]:
        result = add(result, result)
        result = add(result, point) if bit == "1" else result
    return result

def encode(point):
    inverse = pow(point[2], -1, P)
    x, y = point[0] * inverse % P, point[1] * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little")

def decode(data):
    y, sign = int.from_bytes(data, "little") & (1 << 255) - 1, data[31] >> 7
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    x = x if (x * x - square) % P == 0 else x * pow(2, (P - 1) // 4, P) % P
    need(len(data) == 32 and y < P and (x * x - square) % P == 0 and not (x == 0 and sign), "no point of the curve")
    x = x if x & 1 == sign else P - x
    return x, y, 1, x * y % P

BASE = decode((4 * pow(5, -1, P) % P).to_bytes(32, "little"))

def sign(secret, message):
    digest = hashlib.sha512(secret).digest()
    scalar = int.from_bytes(digest[:32], "little") & (1 << 254) - 8 | 1 << 254
    public = encode(multiply(scalar, BASE))
    nonce = sha512_int(digest[32:] + message) % L
    commitment = encode(multiply(nonce, BASE))
    challenge = sha512_int(commitment + public + message) % L
    return commitment + ((nonce + challenge * scalar) % L).to_bytes(32, "little")

def verify(public, message, signature):
    s = int.from_bytes(signature[32:], "little")
    need(len(signature) == 64 and s < L, "no signature")
    key, commitment = decode(public), decode(signature[:32])
    need(all(encode(multiply(8, point)) != encode((0, 1, 1, 0)) for point in (key, commitment)), "key or R of small order")
    challenge = sha512_int(signature[:32] + public + message) % L
    expected = add(commitment, multiply(challenge, key))
    need(encode(multiply(s, BASE)) == encode(expected), "signature")

def to_base64url(data): return base64.urlsafe_b64encode(data).decode().rstrip("=")
def from_base64url(text): return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
def canonical(value): return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
def sha256(data): return hashlib.sha256(data).digest()
def leaf_hash(value): return sha256(b"\x00" + canonical(value))
def thumbprint(jwk): return to_base64url(sha256(canonical({name: jwk[name] for name in ("crv", "kty", "x")})))

def open_jws(compact, typ, jwk):
    """The payload of a JWS by this Ed25519 key."""
    header, payload, signature = compact.split(".")
    expected = {"alg": "Ed25519", "typ": typ, "kid": thumbprint(jwk)}
    need(json.loads(from_base64url(header)) == expected, "header of a " + typ)
    verify(from_base64url(jwk["x"]), f"{header}.{payload}".encode(), from_base64url(signature))
    return json.loads(from_base64url(payload))

def signed_call(key, origin, op, given, idem):
    now = int(time.time())
    payload = {"iss": key["party"], "aud": origin, "iat": now, "exp": now + 120, "op": op, "in": given,
               "jti": secrets.token_urlsafe(18), **({"idem": idem} if idem else {})}
    header = {"alg": "Ed25519", "typ": "recourse-call+jwt", "kid": thumbprint(key["privateJwk"])}
    signing_input = ".".join(to_base64url(canonical(part)) for part in (header, payload))
    signature = sign(from_base64url(key["privateJwk"]["d"]), signing_input.encode())
    return payload, f"{signing_input}.{to_base64url(signature)}"

def root_of(leaf, index, count, path):
    """RFC 9162, section 2.1.3.2: the root that a path leads to."""
    node, last = leaf, count - 1
    for sibling in path:
        need(last > 0, "path is too long")
        if index & 1 or index == last:
            node = sha256(b"\x01" + sibling + node)
            while not index & 1 and index:
                index, last = index >> 1, last >> 1
        else:
            node = sha256(b"\x01" + node + sibling)
        index, last = index >> 1, last >> 1
    need(last == 0, "path is too short")
    return node

def verify_receipt(receipt, receipt_key, sent, came):
    """`sent` is payload and call, `came` status and body."""
    (payload, call), (status, body) = sent, came
    index, path, jws = receipt.split(".", 2)
    group = open_jws(jws, "recourse-receipt+jwt", receipt_key)
    need(group["iss"] == payload["aud"], "receipt of another registry")
    leaf = {"v": 1, **{name: payload[name] for name in ("iss", "jti", "op")}, "at": group["at"], "status": status,
            "req": to_base64url(sha256(call.encode())), "res": to_base64url(sha256(body))}
    changes = json.loads(body).get("changes")
    if changes:
        leaf["changes"] = {name: changes[name] for name in ("count", "root")}
    hashes = from_base64url(path)
    steps = [hashes[at:at + 32] for at in range(0, len(hashes), 32)]
    need(to_base64url(root_of(leaf_hash(leaf), int(index), group["count"], steps)) == group["root"], "receipt of another answer")
    at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(group["at"]))
    entry = {"v": 1, "type": "calls", "at": at, "count": group["count"], "root": group["root"]}
    need(to_base64url(leaf_hash(entry)) == group["entry"], "ledger entry")

def receipt_key_of(document, log_kid):
    """The key that the pinned log key announced for receipts."""
    log_key = document["logKey"]
    need(thumbprint(log_key) == log_kid, "log key is not the pinned one")
    keys = [open_jws(key["statement"], "recourse-registry-key+jwt", log_key) for key in document["keys"]]
    need(all(key["aud"] == document["origin"] for key in keys), "key of another registry")
    return next(key["jwk"] for key in keys if key["use"] == "receipt")

def fetch(url, body=None):
    request = urllib.request.Request(url, body, {"Content-Type": "application/jose"} if body else {})
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as refused:
        return refused.code, refused.headers, refused.read()

def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--sandbox", default=".recourse", help="folder of a sandbox, with the keys of its parties")
    options.add_argument("--as", dest="name", required=True, help="name of a party")
    options.add_argument("--role", default="service")
    options.add_argument("--url", help="where the registry is reached, if not under its origin")
    options.add_argument("--log-key", help="thumbprint of the log key, from an invite; a sandbox is believed")
    options.add_argument("--idem", help="of a mutation: the same result however often it is sent")
    options.add_argument("op")
    options.add_argument("input", type=json.loads)
    given = options.parse_args()
    with open(os.path.join(given.sandbox, "sandbox.json"), encoding="utf-8") as file:
        sandbox = json.load(file)
    key = next(one for one in sandbox["parties"] if (one["name"], one["role"]) == (given.name, given.role))
    url = given.url or sandbox["origin"]
    document = json.loads(fetch(url + "/.well-known/recourse")[2])
    receipt_key = receipt_key_of(document, given.log_key or thumbprint(document["logKey"]))
    payload, call = signed_call(key, sandbox["origin"], given.op, given.input, given.idem)
    status, headers, body = fetch(f"{url}/call/{given.op}", call.encode())
    receipt = headers["Recourse-Receipt"]
    if receipt or status == 200:
        need(receipt, "no receipt")
        verify_receipt(receipt, receipt_key, (payload, call), (status, body))
    answer = json.loads(body)
    print(json.dumps(answer.get("result", answer), indent=2, ensure_ascii=False))
    return 0 if status == 200 else 1

if __name__ == "__main__":
    try:
        sys.exit(main())
    except (Unverified, ValueError, KeyError, TypeError, AttributeError, StopIteration) as error:
        print(f"not verified: {error!r}", file=sys.stderr)
        sys.exit(3)
