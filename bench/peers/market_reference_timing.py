"""Times the reference of the market month in numpy, which lies outside of this project.

    python3 market_reference_timing.py --reference FOLDER --replications 1000

Runs it once with few replications, then as asked, and prints one line of JSON like the other peers. It keeps
every replication in one array, in expected demography.
"""

import argparse
import json
import sys
import time


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--reference", required=True)
    parser.add_argument("--replications", type=int, default=1000)
    given = parser.parse_args()
    sys.path.insert(0, given.reference)
    from market_reference import flagship, simulate

    scenario = flagship()
    simulate(scenario, 10, 1)
    wall_start, cpu_start = time.perf_counter(), time.process_time()
    simulate(scenario, given.replications, 1)
    cpu_seconds, wall_seconds = time.process_time() - cpu_start, time.perf_counter() - wall_start
    startups, months = len(scenario["startups"]), int(scenario["parameters"].get("months", 96))
    steps = given.replications * startups * months
    print(json.dumps({"agentSteps": steps, "wallSeconds": wall_seconds, "cpuSeconds": cpu_seconds}))


if __name__ == "__main__":
    main()
