#!/usr/bin/env python3
"""Makes the golden figures that the tests of crates/workload are held against.

    pip install numpy scipy
    python3 scripts/golden/workload.py

writes crates/workload/tests/golden/*.json, the same bytes on every run with the same versions (which each file names).
Zipf's probabilities and the tail of chi-square are scipy's own; the characteristic time of an LRU cache comes from
scipy's root finder over the same sum.
"""

import json
import pathlib
import platform
from importlib.metadata import version

import numpy as np
import scipy.optimize
import scipy.stats

OUT = pathlib.Path(__file__).resolve().parents[2] / "crates/workload/tests/golden"
PACKAGES = ["numpy", "scipy"]


def write(name, cases):
    """Writes one golden file, one case a line."""
    made_with = {"python": platform.python_version()} | {package: version(package) for package in PACKAGES}
    lines = ",\n".join(json.dumps(case) for case in cases)
    (OUT / f"{name}.json").write_text(f'{{"made_with": {json.dumps(made_with)}, "cases": [\n{lines}\n]}}\n')


def zipf(keys, exponent):
    """Zipf's probabilities of all ranks, most popular first."""
    return scipy.stats.zipfian.pmf(np.arange(1, keys + 1), exponent, keys)


def zipf_cases():
    """Some probabilities, and the shares of the most popular key, 1 % and 10 % of the keys."""
    for keys, exponent in [(1, 0.99), (10, 0.0), (10, 1.0), (1000, 0.5), (1000, 0.99), (10000, 0.99), (100000, 0.99),
                           (10000, 1.0), (10000, 1.49), (1000, 3.0), (100, 10.0)]:
        probabilities = zipf(keys, exponent)
        ranks = sorted({rank for rank in [0, 1, 2, 9, 99, 999, keys // 2, keys - 1] if rank < keys})
        yield {
            "keys": keys,
            "exponent": exponent,
            "probabilities": [[rank, float(probabilities[rank])] for rank in ranks],
            "top_1_percent": float(probabilities[: keys // 100].sum()),
            "top_10_percent": float(probabilities[: keys // 10].sum()),
        }


def chi_square_cases():
    """The tail on both sides of the mean, from one degree of freedom to many."""
    for degrees in [1, 2, 3, 4, 9, 10, 99, 1000, 9999]:
        for spread in [-3, -1, 0, 1, 3, 8]:
            statistic = degrees + spread * (2 * degrees) ** 0.5
            if statistic > 0:
                yield {
                    "statistic": statistic,
                    "degrees": degrees,
                    "survival": float(scipy.stats.chi2.sf(statistic, degrees)),
                }


def lru_cases():
    """Che's approximation, with writes that keep (1) or remove (the share of reads) the entry."""
    for keys, exponent in [(10000, 0.99), (1000, 0.5), (1000, 1.5)]:
        probabilities = zipf(keys, exponent)
        for room in [1, keys // 100, keys // 10, keys // 2]:
            for kept in [1.0, 0.9]:
                def excess(time):
                    return kept * -np.expm1(-probabilities * time).sum() - room
                time = scipy.optimize.brentq(excess, 0, 1e12, xtol=1e-9, rtol=1e-14, maxiter=1000)
                present = -np.expm1(-probabilities * time)
                yield {
                    "keys": keys,
                    "exponent": exponent,
                    "room": room,
                    "kept": kept,
                    "characteristic_time": time,
                    "hit_ratio": float(kept * (probabilities * present).sum()),
                }


def main():
    """Writes every file."""
    OUT.mkdir(parents=True, exist_ok=True)
    write("zipf", zipf_cases())
    write("chi_square", chi_square_cases())
    write("lru", lru_cases())


if __name__ == "__main__":
    main()
