"""Owns the micro-model "8x6x120" in numpy: batches of 500 replications, one array operation for a batch.

Arrays are laid out (segment, startup, replication) with the replication last, so that sums over startups and
segments run along contiguous rows. Every replication draws from a generator of its own, seeded 1000 + r.
"""

import argparse
import json
import time

import numpy as np

STARTUPS = 8
SEGMENTS = 6
MONTHS = 120
FIRST_SEED = 1000
BATCH = 500

startup = np.arange(STARTUPS)[:, None]
cost = 10.0 + startup
research = 0.5 + 0.05 * startup
advertising = 0.3 + 0.05 * startup
lowest_price = 1.05 * cost
spending = 100 * research + 100 * advertising

segment = np.arange(SEGMENTS)[:, None, None]
size = 1000.0 * (segment + 1)
price_sensitivity = 0.03 + 0.01 * segment
quality_weight = 1.0 - 0.1 * segment


class Columns:
    """All rows of all replications, one buffer per column, in order of month, startup and replication."""

    def __init__(self, replications):
        shape = (MONTHS, STARTUPS, replications)
        self.month = np.empty(shape, np.uint16)
        self.startup = np.empty(shape, np.uint8)
        self.price = np.empty(shape)
        self.quality = np.empty(shape)
        self.awareness = np.empty(shape)
        self.units = np.empty(shape)
        self.profit = np.empty(shape)

    def record(self, month, batch, price, quality, awareness, units, profit):
        self.month[month, :, batch] = month + 1
        self.startup[month, :, batch] = startup
        self.price[month, :, batch] = price
        self.quality[month, :, batch] = quality
        self.awareness[month, :, batch] = awareness
        self.units[month, :, batch] = units
        self.profit[month, :, batch] = profit


def run_batch(first, count, sigma, columns):
    """Runs replications first .. first + count - 1; returns final units, price and cumulative profit."""
    shape = (STARTUPS, count)
    noise = np.empty((count, MONTHS, STARTUPS))
    for r in range(count):
        np.random.Generator(np.random.SFC64(FIRST_SEED + first + r)).standard_normal(out=noise[r])
    noise = np.ascontiguousarray(noise.transpose(1, 2, 0))
    noise *= sigma
    noise += 0.04 * research

    price = np.broadcast_to(30.0 + 2 * startup, shape).copy()
    quality = np.broadcast_to(1 + 0.1 * startup, shape).copy()
    awareness = np.broadcast_to(0.1 + 0.05 * startup, shape).copy()
    direction = np.ones(shape)
    profit = np.zeros(shape)
    last_profit = np.zeros(shape)
    cumulative = np.zeros(shape)
    customers = np.zeros((SEGMENTS, STARTUPS, count))
    attraction = np.empty_like(customers)
    scratch = np.empty_like(customers)
    batch = slice(first, first + count)

    for month in range(MONTHS):
        np.negative(direction, out=direction, where=profit < last_profit)
        last_profit[...] = profit
        price *= 1 + 0.02 * direction
        np.clip(price, lowest_price, 150.0, out=price)
        quality *= 0.98
        quality += noise[month]
        np.maximum(quality, 0.05, out=quality)
        awareness += 0.1 * advertising * (1 - awareness) - 0.03 * awareness
        np.clip(awareness, 0.001, 1.0, out=awareness)

        np.multiply(quality_weight, quality, out=attraction)
        attraction -= np.multiply(price_sensitivity, price, out=scratch)
        np.exp(attraction, out=attraction)
        attraction *= awareness
        attraction *= 0.15 * size / (1 + attraction.sum(axis=1, keepdims=True))
        customers *= 0.85
        customers += attraction

        units = customers.sum(axis=0)
        profit = (price - cost) * units - spending
        cumulative += profit
        if columns is not None:
            columns.record(month, batch, price, quality, awareness, units, profit)

    return units, price, cumulative


def simulate(replications, sigma, columns):
    mean_units = mean_price = mean_cumulative = concentration = 0.0
    for first in range(0, replications, BATCH):
        count = min(BATCH, replications - first)
        units, price, cumulative = run_batch(first, count, sigma, columns)
        total = units.sum(axis=0)
        mean_units += total.sum() / replications
        mean_price += price.mean(axis=0).sum() / replications
        mean_cumulative += cumulative.sum() / replications
        concentration += ((units / total) ** 2).sum() / replications
    return {
        "meanUnits": float(mean_units),
        "meanPrice": float(mean_price),
        "meanCum": float(mean_cumulative),
        "hhiUnits": float(concentration),
    }


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--replications", type=int, default=1000)
    parser.add_argument("--sigma", type=float, default=0.05)
    parser.add_argument("--record", type=int, choices=(0, 1), default=0)
    parser.add_argument("--warmup", type=int, default=0)
    options = parser.parse_args()
    if options.replications < 1 or options.warmup < 0:
        parser.error("--replications must be at least 1 and --warmup at least 0")
    if options.warmup > 0:
        simulate(options.warmup, options.sigma, Columns(options.warmup) if options.record else None)

    wall_start, cpu_start = time.perf_counter(), time.process_time()
    columns = Columns(options.replications) if options.record else None
    totals = simulate(options.replications, options.sigma, columns)
    cpu_seconds, wall_seconds = time.process_time() - cpu_start, time.perf_counter() - wall_start

    # Read back from the columns, so that a recording which did not happen is seen.
    recorded = 0.0 if columns is None else float(columns.units[columns.month == MONTHS].sum())
    line = {
        "name": "numpy",
        "agentSteps": options.replications * STARTUPS * MONTHS,
        "wallSeconds": wall_seconds,
        "cpuSeconds": cpu_seconds,
        "totals": totals,
        "recordedRows": 0 if columns is None else columns.units.size,
        "recordedMeanUnits": recorded / options.replications,
    }
    print(json.dumps(line))


if __name__ == "__main__":
    main()
