"""Runs a command and prints what it cost, as JSON: seconds, seconds of the processor, peak memory in KiB, bytes that it wrote.

    python3 measure.py COMMAND [ARGUMENT ...]
"""

import json
import os
import sys
import time

began = time.monotonic()
child = os.spawnvp(os.P_NOWAIT, sys.argv[1], sys.argv[1:])
_, status, used = os.wait4(child, 0)
print(
    json.dumps(
        {
            "seconds": time.monotonic() - began,
            "processor": used.ru_utime + used.ru_stime,
            "peak_kib": used.ru_maxrss,
            "written": used.ru_oublock * 512,
            "status": os.waitstatus_to_exitcode(status),
        }
    ),
    file=sys.stderr,
)
