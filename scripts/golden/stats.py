#!/usr/bin/env python3
"""Makes the golden figures that the tests of crates/stats are held against.

    pip install numpy scipy statsmodels hdrhistogram
    python3 scripts/golden/stats.py

writes crates/stats/tests/golden/*.json, the same bytes on every run with the same versions (which each file names).
Nothing here follows the crate's own way to a figure: p values come from all 2^n signs, intervals from turning the test
around, the rest from scipy, numpy, statsmodels and the Python port of HDR histograms.
"""

import base64
import itertools
import json
import pathlib
import platform
from importlib.metadata import version

import numpy as np
import scipy.stats
from hdrh.histogram import HdrHistogram
from statsmodels.stats.multitest import multipletests

OUT = pathlib.Path(__file__).resolve().parents[2] / "crates/stats/tests/golden"
PACKAGES = ["numpy", "scipy", "statsmodels", "hdrhistogram"]
SEED = 20261122
ALPHA = 0.05


def write(name, cases):
    """Writes one golden file, one case a line."""
    made_with = {"python": platform.python_version()} | {package: version(package) for package in PACKAGES}
    lines = ",\n".join(json.dumps(case) for case in cases)
    (OUT / f"{name}.json").write_text(f'{{"made_with": {json.dumps(made_with)}, "cases": [\n{lines}\n]}}\n')


def every_rank_sum(ranks):
    """The sums of all 2^n subsets of the ranks."""
    sums = np.zeros(1)
    for rank in ranks:
        sums = np.concatenate([sums, sums + rank])
    return sums


def two_sided(sums, observed):
    """Twice the nearer tail, by counting."""
    below = np.count_nonzero(sums <= observed) / len(sums)
    above = np.count_nonzero(sums >= observed) / len(sums)
    return min(1.0, 2.0 * min(below, above))


def signed_rank(differences):
    """The rank sum of the positive differences and its exact p, zeros dropped, mid-ranks for ties."""
    nonzero = differences[differences != 0.0]
    ranks = scipy.stats.rankdata(np.abs(nonzero))
    observed = ranks[nonzero > 0.0].sum()
    return float(observed), two_sided(every_rank_sum(ranks), observed)


def signed_rank_cases(rng):
    for n in range(6, 21):
        untied = np.round(rng.normal(0.6, 1.0, n), 6)
        tied = rng.integers(-4, 7, n).astype(float)
        zeros = tied.copy()
        zeros[: 2 + n // 6] = 0.0
        for kind, differences in [("untied", untied), ("tied", tied), ("zeros", zeros)]:
            rank_sum, p = signed_rank(differences)
            if kind == "untied":
                by_scipy = scipy.stats.wilcoxon(differences, method="exact").pvalue
                assert abs(p - by_scipy) < 1e-12, (n, p, by_scipy)
            yield {
                "name": f"{kind} {n}",
                "differences": differences.tolist(),
                "positive_rank_sum": rank_sum,
                "p": p,
            }


def sign_test_cases(_rng):
    """By scipy's exact binomial test; of counts, so nothing is drawn."""
    for n in list(range(0, 15)) + [20, 25, 50, 100, 200]:
        for above in sorted({0, 1, n // 4, n // 2 - 1, n // 2, n - 1, n}):
            if 0 <= above <= n:
                p = scipy.stats.binomtest(above, n, 0.5).pvalue if n else 1.0
                yield {"above": above, "below": n - above, "ties": 1 + n % 3, "p": float(p)}


def interval_by_inversion(values, walsh):
    """All centres that the signed-rank test does not refuse. The test can change its mind only at a Walsh average, so it is
    asked between each two neighbours."""
    sums = every_rank_sum(np.arange(1, len(values) + 1))
    p_of = {}

    def p_at(centre):
        moved = values - centre
        observed = scipy.stats.rankdata(np.abs(moved))[moved > 0.0].sum()
        if observed not in p_of:
            p_of[observed] = two_sided(sums, observed)
        return p_of[observed]

    kept = [at for at in range(len(walsh) - 1) if p_at((walsh[at] + walsh[at + 1]) / 2.0) > ALPHA]
    refused = max((p for p in (two_sided(sums, s) for s in np.unique(sums)) if p <= ALPHA), default=None)
    if refused is None:
        return None
    return {"low": walsh[kept[0]], "high": walsh[kept[-1] + 1], "confidence": 1.0 - refused}


def pseudo_median_cases(rng):
    for n in list(range(1, 15)) + [16, 18, 20]:
        for kind, values in [
            ("normal", rng.normal(0.1, 1.0, n)),
            ("heavy-tailed", rng.standard_t(2, n)),
            ("skewed", rng.lognormal(0.0, 1.0, n)),
        ]:
            values = np.round(values, 6)
            pairs = itertools.combinations_with_replacement(values.tolist(), 2)
            walsh = sorted((a + b) / 2.0 for a, b in pairs)
            yield {
                "name": f"{kind} {n}",
                "values": values.tolist(),
                "hodges_lehmann": float(np.median(walsh)),
                "interval": interval_by_inversion(values, walsh),
            }


def median_cases(rng):
    """Intervals of scipy's quantile test (Conover's), which turns the binomial test around."""
    for n in list(range(1, 26)) + [30, 50, 100]:
        for kind, values in [
            ("normal", rng.normal(0.1, 1.0, n)),
            ("skewed", rng.lognormal(0.0, 1.0, n)),
            ("tied", rng.integers(0, 5, n).astype(float)),
        ]:
            values = np.round(values, 6)
            interval = scipy.stats.quantile_test(values, p=0.5).confidence_interval(confidence_level=1.0 - ALPHA)
            below = scipy.stats.binom.cdf(np.arange(n), n, 0.5)
            allowed = below[below <= ALPHA / 2.0]
            assert np.isnan(interval.low) == (len(allowed) == 0), (n, interval)
            ends = None
            if len(allowed):
                confidence = 1.0 - 2.0 * float(allowed[-1])
                ends = {"low": float(interval.low), "high": float(interval.high), "confidence": confidence}
            yield {"name": f"{kind} {n}", "values": values.tolist(), "interval": ends}


def shift_by_inversion(first, second, differences):
    """All shifts that scipy's exact Mann-Whitney test does not refuse, asked between each two neighbouring differences."""

    def p_at(shift):
        return scipy.stats.mannwhitneyu(second - shift, first, method="exact").pvalue

    kept = [at for at in range(len(differences) - 1) if p_at((differences[at] + differences[at + 1]) / 2.0) > ALPHA]
    below, above = p_at(differences[0] - 1.0), p_at((differences[0] + differences[1]) / 2.0)
    if below > ALPHA:
        return None
    seen = [p_at((differences[at] + differences[at + 1]) / 2.0) for at in range(len(differences) - 1)] + [below, above]
    refused = max(p for p in seen if p <= ALPHA)
    return {"low": differences[kept[0]], "high": differences[kept[-1] + 1], "confidence": 1.0 - refused}


def shift_cases(rng):
    for n, m in [(3, 3), (4, 4), (4, 6), (3, 5), (5, 5), (6, 4), (8, 8), (10, 7)]:
        for kind, draw in [("normal", lambda k: rng.normal(0.1, 1.0, k)), ("heavy-tailed", lambda k: rng.standard_t(2, k))]:
            first, second = np.round(draw(n), 6), np.round(draw(m) + 0.5, 6)
            differences = sorted((second[:, None] - first[None, :]).ravel().tolist())
            yield {
                "name": f"{kind} {n} and {m}",
                "from": first.tolist(),
                "to": second.tolist(),
                "shift": float(np.median(differences)),
                "interval": shift_by_inversion(first, second, differences),
            }


def drift_cases(rng):
    """Few runs a side, by Student's t of scipy over the logs of stored runs."""
    for stored, n, m in [(4, 1, 1), (5, 1, 1), (6, 1, 2), (7, 3, 1), (11, 2, 3), (20, 1, 1)]:
        drift = np.round(rng.lognormal(3.0, 0.05, stored), 6)
        first, second = np.round(rng.lognormal(3.0, 0.05, n), 6), np.round(rng.lognormal(3.1, 0.05, m), 6)
        middle = np.log(second).mean() - np.log(first).mean()
        error = np.log(drift).std(ddof=1) * np.sqrt(1.0 / n + 1.0 / m)
        reach = scipy.stats.t.ppf(0.975, stored - 1) * error
        yield {
            "stored": drift.tolist(),
            "from": first.tolist(),
            "to": second.tolist(),
            "ratio": float(np.exp(middle)),
            "low": float(np.exp(middle - reach)),
            "high": float(np.exp(middle + reach)),
            "p": float(2.0 * scipy.stats.t.sf(abs(middle) / error, stored - 1)),
        }


def relabel_cases(rng):
    """Step-down maxT as it is defined, of scipy's t statistic, over all ways to deal the runs."""
    for rows, n, m in [(1, 4, 4), (3, 4, 4), (5, 4, 5), (4, 3, 6), (6, 5, 5)]:
        together = rng.normal(0.0, 0.1, n + m)
        values = np.round(together + rng.normal(0.0, 0.05, (rows, n + m)), 6)
        values[0, n:] += 0.3
        values = np.round(values, 6)

        def statistics(baseline):
            chosen = np.isin(np.arange(n + m), baseline)
            return np.abs(scipy.stats.ttest_ind(values[:, chosen], values[:, ~chosen], axis=1).statistic)

        observed = statistics(range(n))
        ways = np.array([statistics(way) for way in itertools.combinations(range(n + m), n)])
        order = np.argsort(-observed)
        adjusted, before = np.zeros(rows), 0.0
        for place, row in enumerate(order):
            greatest = ways[:, order[place:]].max(axis=1)
            before = max(before, np.count_nonzero(greatest >= observed[row] * (1.0 - 1e-9)) / len(ways))
            adjusted[row] = before
        yield {"first": n, "rows": values.tolist(), "adjusted": adjusted.tolist()}


def holm_cases(rng):
    families = [rng.uniform(0.0, 1.0, m) for m in range(1, 13)]
    families += [rng.beta(0.3, 3.0, m) for m in (3, 6, 12, 25)]
    families += [np.array([0.01, 0.01, 0.01, 0.04]), np.array([2 / 1024] * 6 + [0.5] * 6), np.array([1.0, 1.0, 0.0])]
    for p in families:
        yield {"p": p.tolist(), "adjusted": multipletests(p, method="holm")[1].tolist()}


def summary_cases(rng):
    for n in [1, 2, 3, 4, 5, 6, 7, 10, 11, 20, 101]:
        values = np.round(rng.lognormal(3.0, 1.0, n), 6)
        lower, median, upper = np.quantile(values, [0.25, 0.5, 0.75], method="linear")
        yield {
            "values": values.tolist(),
            "summary": {
                "count": n,
                "min": values.min(),
                "lower_quartile": lower,
                "median": median,
                "upper_quartile": upper,
                "max": values.max(),
                "mean": values.mean(),
                "mad": scipy.stats.median_abs_deviation(values, scale=1.0),
            },
            "p37": np.quantile(values, 0.37, method="linear"),
        }


def histogram_cases(rng):
    """Encoded by the Python port: ranges and precisions of ours, and of others. Values in ns."""
    hour = 3_600_000_000_000
    for name, low, high, digits in [
        ("ours", 1, hour, 3),
        ("finer", 1, hour, 4),
        ("coarser", 1, hour, 2),
        ("narrower", 1000, 60_000_000_000, 3),
    ]:
        values = np.sort(np.clip(rng.lognormal(12.0, 1.5, 2000).astype(np.int64), 1000, 59_000_000_000))
        histogram = HdrHistogram(low, high, digits)
        for value in values.tolist():
            assert histogram.record_value(value)
        quantiles = [0.1, 0.5, 0.9, 0.95, 0.99, 0.995]
        exact = np.quantile(values, quantiles, method="inverted_cdf")
        yield {
            "name": name,
            "lowest": low,
            "digits": digits,
            "v2_deflate_hex": base64.b64decode(histogram.encode()).hex(),
            "count": len(values),
            "quantiles": [[q, int(value)] for q, value in zip(quantiles, exact)],
            "max": int(values.max()),
            "mean": float(values.mean()),
        }


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    for name, cases in [
        ("signed_rank", signed_rank_cases),
        ("sign_test", sign_test_cases),
        ("pseudo_median", pseudo_median_cases),
        ("median", median_cases),
        ("shift", shift_cases),
        ("drift", drift_cases),
        ("relabel", relabel_cases),
        ("holm", holm_cases),
        ("summary", summary_cases),
        ("histogram", histogram_cases),
    ]:
        write(name, cases(np.random.default_rng(SEED)))


if __name__ == "__main__":
    main()
