"""Follows events from the beginning, and prints each with its number. Stops after as many as it is told."""

import json
import os
import sys
import urllib.request

AGENT = os.environ.get("RECOURSE_AGENT", "http://127.0.0.1:4810")
BEARER = {"Authorization": "Bearer " + os.environ.get("RECOURSE_TOKEN", "")}


def events(after: int):
    """Server-sent events: fields line by line, an empty line ends one. Keep the number of the last one dealt with."""
    request = urllib.request.Request(f"{AGENT}/events?after={after}", headers=BEARER)
    with urllib.request.urlopen(request, timeout=60) as stream:
        fields = {}
        for raw in stream:
            line = raw.decode().rstrip("\n")
            if line == "":
                if "data" in fields:
                    yield fields.get("id"), json.loads(fields["data"])
                fields = {}
            elif not line.startswith(":"):
                name, _, value = line.partition(": ")
                fields[name] = value


wanted = int(sys.argv[1])
for number, event in events(after=0):
    print(number, event["type"], event["sanction"], flush=True)
    wanted -= 1
    if wanted == 0:
        break
