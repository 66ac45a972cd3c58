//! The tables that people read, of a record with known ratios.

mod sample;

use cachemark_report::analysis::{Point, Role, analyse};
use cachemark_stats::Verdict;
use sample::Sample;

fn small() -> Sample {
    Sample { read_ratios: &[0.9], strategies: &["no-cache", "cache-aside", "read-through"], ..Sample::default() }
}

#[test]
fn the_summary() {
    let folder = tempfile::tempdir().unwrap();
    let sample = Sample { strategies: &["no-cache", "cache-aside"], reads: 1000, ..small() };
    let pages = cachemark_report::write_report(&sample.write(folder.path())).unwrap();
    insta::assert_snapshot!(std::fs::read_to_string(pages.summary).unwrap(), @r#"
    # cache-aside against no-cache over moka + sqlite

    - **What to use:** cache-aside: 3.64 times the throughput of no-cache (95 % interval 3.60 to 3.70).
    - **At which price:** None shown; read p50 96 % lower, read p99 23 to 33 % lower and store load 79 % lower (intervals, not tested); staleness not watched.
    - **How sure:** Strong: better than no-cache by a test over 8 blocks (Holm, 5 %), by a factor of 3.60 at least, which is more than the noise of ± 1.4 %.
    - **What would change it:** Not known: one point was measured (read ratio 0.9).

    strategies: 10,000 keys, Zipf 0.99, 100 B values, closed loop of 8 clients

    ## Verdicts

    - read ratio 0.9, by throughput: better than no-cache: cache-aside (3.642 times; staleness not watched).

    | comparison | strategy | throughput, ops/s: median (least to greatest) | ratio to reference | 95 % interval | verdict |
    | --- | --- | ---: | ---: | ---: | --- |
    | read ratio 0.9 | no-cache | 129,760 (109,138 to 154,143) | 1 |  | reference; staleness not watched |
    |  | no-cache (A/A) | 131,206 (106,993 to 153,070) | 0.995 | 0.982 to 1.010 | A/A control; staleness not watched |
    |  | cache-aside | 477,193 (395,283 to 553,094) | 3.642 | 3.598 to 3.697 | better; staleness not watched |

    - Ratios are paired by block; "equivalent" means that the whole interval lies within 5 % of the reference. The intervals are not adjusted for the number of comparisons, the verdicts are (Holm, within each family).
    - Staleness was not watched: no verdict says how fresh the answers were.
    - Noise floor (half the A/A control's interval): read ratio 0.9: ± 1.4 %.

    ## Charts

    ![Throughput against the reference cell](charts/ratios.png)

    A mark right of 1 means more throughput than the reference cell, and its line is where the true ratio lies with 95 % confidence; the A/A control should straddle 1, and how far its line reaches is the noise of the run.

    ![Throughput by strategy and read ratio](charts/throughput.png)

    Higher is better; the two bars of the A/A pair are the same thing measured twice, so a difference no larger than theirs is noise.

    ![Service time of reads by strategy and read ratio](charts/service-time.png)

    Lower is better, and each line of the grid is a factor, not a difference: the disc is the median read, the diamond the slowest in a hundred.

    ![Store load by strategy and read ratio](charts/store-load.png)

    How many store operations one operation of the workload cost: 1 means that the cache spared the store nothing; the dark part is writes and deletes, which the store must see in any case. A diamond is what theory gives: it follows from the predicted hit ratio, of the misses as many load, and do not join another's load, as did.

    All charts and tables: [report.html](report.html). Data: [figures.csv](figures.csv), [comparisons.csv](comparisons.csv), [counted.csv](counted.csv).

    ## Figures of every cell

    | stack | read ratio | strategy | trials | throughput, ops/s | read p50 | read p99 | hit ratio | predicted | store load | predicted |
    | --- | ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
    | moka + sqlite | 0.9 | no-cache | 8 of 8 | 129,760 (109,138 to 154,143) | 58.7 µs (48.5 µs to 70.0 µs) | 141 µs (108 µs to 170 µs) | n/a | n/a | 0.999 (0.997 to 1.000) | n/a |
    |  |  | no-cache (A/A) | 8 of 8 | 131,206 (106,993 to 153,070) | 59.2 µs (51.1 µs to 72.7 µs) | 142 µs (115 µs to 179 µs) | n/a | n/a | 1.000 (0.996 to 1.000) | n/a |
    |  |  | cache-aside | 8 of 8 | 477,193 (395,283 to 553,094) | 2.09 µs (1.82 µs to 2.46 µs) | 100 µs (85.2 µs to 120 µs) | 0.879 (0.876 to 0.886) | 0.879 | 0.209 (0.203 to 0.212) | 0.209 |

    - Median over blocks (least to greatest). Read p50 and p99: the median over trials of each trial's percentile of the service time; n/a where too few reads stand behind it (p50 takes 20, p99 takes 1,000), or where nothing was measured.

    ## Is the cache worth it?

    | stack | read ratio | strategy | answer | break-even hit ratio | interval of the break-even | hit ratio | interval of the hit ratio | less time an operation | 95 % interval of less time |
    | --- | ---: | --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |
    | moka + sqlite | 0.9 | cache-aside | can't tell | n/a | n/a | 0.879 | 0.877 to 0.883 | n/a | n/a |

    - Of 1 cell with a cache: worth it 0, not worth it 0, can't tell 1.
    - Can't tell of cache-aside-moka-0us-0.9: there is no Wc: their times were not recorded.
    - By time alone. Less time an operation: the mean service time of an operation without the cache, less that with it, in the same mix and paired by block; below 0 it takes more. "Worth it": the whole interval lies above 0, which is where the hit ratio lies above the break-even. "Not worth it": the whole interval lies below. Else it can't be told. What a cache spares the store, and how stale it serves, stands in the other tables.
    - Break-even: the hit ratio at which both take as long, (M - O + ((1 - r) / r) (Wc - Wo)) / (M - H), r being the share of reads; above 1 it never pays, below 0 it always does, and where a miss takes no longer than a hit it is undefined. Hodges-Lehmann over blocks; intervals are not adjusted for their number.
    - The times are those of this load. At a lower hit ratio the store has more to do, and misses take longer than here.

    ## What do hits, misses and writes cost?

    | stack | read ratio | strategy | hit (H) | miss (M) | store alone (O) | write (Wc) | write without the cache (Wo) | writes' share of the time | writes' share without the cache | break-even of reads alone |
    | --- | ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
    | moka + sqlite | 0.9 | cache-aside | 2.15 µs (1.86 µs to 2.58 µs) | 67.1 µs (54.2 µs to 76.2 µs) | 64.9 µs (54.1 µs to 77.0 µs) | n/a | n/a | n/a | n/a | 0.007 |

    - Means of the service time of answered operations, the median over blocks (least to greatest): reads that the cache answered, reads that it did not, and writes and deletes. O, Wo: reads and writes of the arm without a cache (no-cache) at the same load. In a closed loop that is as many clients, in an open one as many arrivals; waiting for a turn before the start is in none of them. Break-even of reads alone: (M - O) / (M - H).
    - No Wc of cache-aside-moka-0us-0.9: their times were not recorded.
    - No Wo of cache-aside-moka-0us-0.9: their times were not recorded.

    ## What is the store asked for each operation?

    | stack | read ratio | strategy | store operations an operation | of them reads | of them writes | of them failed | store reads a miss | store writes a write |
    | --- | ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: |
    | moka + sqlite | 0.9 | no-cache | 0.999 (0.997 to 1.000) | 0.899 | 0.100 | 0.000 | 0.999 (0.997 to 1.000) | 1.000 (1.000 to 1.000) |
    |  |  | cache-aside | 0.209 (0.203 to 0.212) | 0.109 | 0.100 | 0.000 | 1.000 (1.000 to 1.000) | 1.000 (1.000 to 1.000) |

    - Medians over blocks (least to greatest). Of them: reads and writes that the store carried out, and calls to it that failed, reads and writes alike; each is a median by itself, so their sum may miss the whole by a little. Store reads a miss: those carried out, for each read that was answered and that the cache did not answer, or was not asked for; failed ones are in neither; less than 1 where reads share a load or a queue answers them, more where rows are loaded ahead. Store writes a write, likewise: less than 1 where writes are joined, or reach the store after the window. n/a: calls to the store are not seen, or there was nothing to count.

    ## Which difference would this run have found?

    | comparison | figure | blocks | least difference | of the quietest comparison | of the A/A control |
    | --- | --- | ---: | ---: | ---: | ---: |
    | read ratio 0.9 | throughput | 8 | 1.4 % | 1.4 % | 1.4 % |

    - Least difference that every comparison of its row would have found: exp((b - a) / 2) - 1, of the 95 % interval from a to b that the log ratios of the blocks give, which is half its width. A true difference of that size is found about every second time, one half as large again in four runs of five; a smaller one may be there unseen. Verdicts, which are adjusted for their number, take more. An interval takes 6 blocks.

    ## How it was made

        cachemark sweep --workload strategies --blocks 8 --seed 7

    Begun 2026-11-22T05:00:00Z · linux x86\_64 · A processor · 2 processors · virtual machine · cachemark 0.1.0 abc1234 (release) · sqlite SQLite 3.50 · client, cache and store in one process
    "#);
}

#[test]
fn ratios_come_from_blocks_and_not_from_medians() {
    // The machine drifts by 8 % from block to block, the ratio doesn't: the interval is far narrower than the spread.
    let folder = tempfile::tempdir().unwrap();
    let run = small().write(folder.path());
    let analysis = analyse(&run);
    let family = &analysis.families[0];
    let [aside] = family.rows.iter().filter(|row| row.label == "cache-aside").collect::<Vec<_>>()[..] else { panic!() };
    let interval = aside.primary.as_ref().unwrap().comparison.interval.unwrap();
    assert!(interval.high / interval.low < 1.04, "{interval:?}");
    assert!(aside.is(Verdict::Better));
    assert_eq!(
        family.rows.iter().map(|row| row.role).collect::<Vec<_>>(),
        [Role::Reference, Role::Control, Role::Compared, Role::Compared]
    );
    assert!(family.noise.is_some_and(|noise| noise < 0.03) && !family.noisy);
}

#[test]
fn an_unequal_control_withholds_equivalence() {
    let sample = Sample {
        tweak: |cell, trial| {
            // The copy of the reference strays by up to 30 %; cache-aside is the reference itself.
            let stray = 1.0 + 0.1 * f64::from(trial.block % 4);
            trial.throughput_ops_per_s = if cell.control { 1000.0 * stray } else { 1000.0 + f64::from(trial.block) };
        },
        ..small()
    };
    let folder = tempfile::tempdir().unwrap();
    let run = sample.write(folder.path());
    let analysis = analyse(&run);
    assert!(analysis.families[0].noisy);
    assert_eq!(analysis.families[0].rows[2].verdict(), "inconclusive: too noisy to call equivalent");
}

#[test]
fn a_cell_without_a_cache_stands_in_every_stack() {
    let folder = tempfile::tempdir().unwrap();
    let mut run = Sample { caches: &["moka", "redis"], blocks: 1, reads: 20, ..small() }.write(folder.path());
    for cell in &mut run.manifest.cells {
        if cell.strategy == "no-cache" {
            cell.cache = "none".into();
        }
    }
    let analysis = analyse(&run);
    let labels: Vec<&str> = analysis.stacks.iter().map(|stack| stack.label.as_str()).collect();
    assert_eq!(labels, ["moka + sqlite", "redis + sqlite"]);
    let point = Point { read_ratio: 0.9, offered_per_s: None };
    assert!(analysis.stacks.iter().all(|stack| analysis.at(stack, 0, point).is_some()));
}

#[test]
fn arms_of_one_strategy_are_lines_of_their_own_in_shades_of_its_colour() {
    let folder = tempfile::tempdir().unwrap();
    let mut run = Sample { blocks: 1, reads: 20, ..small() }.write(folder.path());
    let mut twin = run.manifest.cells[1].clone();
    (twin.id, twin.arm) = ("twin".into(), "cache-aside ttl-s=5".into());
    run.manifest.cells.insert(2, twin);
    let analysis = analyse(&run);
    let labels: Vec<&str> = analysis.variants.iter().map(|variant| variant.label.as_str()).collect();
    assert_eq!(labels, ["no-cache", "no-cache (A/A)", "cache-aside", "cache-aside ttl-s=5", "read-through"]);
    assert_ne!(analysis.variants[2].colour, analysis.variants[3].colour);
}

#[test]
fn a_stack_of_several_instances_has_its_own_run_without_a_cache() {
    let folder = tempfile::tempdir().unwrap();
    let sample = Sample { strategies: &["no-cache", "cache-aside"], read_ratios: &[0.9, 0.99], ..Sample::default() };
    let mut run = sample.write(folder.path());
    for cell in &mut run.manifest.cells {
        if cell.strategy == "no-cache" {
            cell.cache = "none".into();
        }
        if cell.read_ratio == 0.99 {
            (cell.read_ratio, cell.instances) = (0.9, 2);
        }
    }
    let analysis = analyse(&run);
    assert_eq!(analysis.stacks.len(), 2);
    for (stack, instances) in analysis.stacks.iter().zip([1, 2]) {
        let cells: Vec<_> = stack.cells.iter().map(|&index| analysis.cells[index].cell).collect();
        assert!(cells.iter().all(|cell| cell.instances == instances), "{}", stack.label);
        assert!(cells.iter().any(|cell| cell.cache == "none"), "{}", stack.label);
    }
}

/// Two caches, and servers that two arms have of their own.
fn arms() -> (tempfile::TempDir, cachemark_results::Run) {
    let folder = tempfile::tempdir().unwrap();
    let sample = Sample { caches: &["redis", "moka"], blocks: 1, reads: 20, ..small() };
    let mut run = sample.write(folder.path());
    for cell in &mut run.manifest.cells {
        let memory = if cell.strategy == "read-through" { 8 } else { 64 };
        if cell.strategy != "no-cache" {
            cell.arm = format!("{} memory={memory}", cell.strategy);
            cell.strategy_settings.insert("on-write".into(), "update".into());
            cell.strategy_settings.insert("ttl-ms".into(), memory.into());
        }
        if cell.cache == "redis" && cell.strategy != "no-cache" {
            cell.server_settings.insert("cache-memory-mib".into(), memory.into());
        }
        if cell.cache == "moka" && cell.strategy == "cache-aside" {
            cell.cache_settings.insert("entries".into(), 7.into());
        }
    }
    (folder, run)
}

#[test]
fn it_is_told_of_each_arm_what_it_is_made_of_and_which_servers_are_its_own() {
    let (_folder, run) = arms();
    let pages = cachemark_report::write_report(&run);
    let summary = std::fs::read_to_string(pages.unwrap().summary).unwrap();
    let (_, table) = summary.split_once("## Arms\n\n").expect("a table of arms");
    let (table, _) = table.split_once("\n## ").unwrap();
    insta::assert_snapshot!(table, @r###"
    | arm | strategy | settings | cache | store | its servers |
    | --- | --- | --- | --- | --- | --- |
    | no-cache | no-cache | none | redis; moka (entries=5000) | sqlite | none |
    | cache-aside memory=64 | cache-aside | ttl-ms=64 | redis; moka (entries=7) | sqlite | cache-memory-mib=64 |
    | read-through memory=8 | read-through | ttl-ms=8 | redis; moka (entries=5000) | sqlite | cache-memory-mib=8 |

    - Settings stand here that are not the same for every arm that has them; the others stand once, under Fairness in the page.
    - Arms whose servers are set alike share them; an arm whose servers are set otherwise has servers of its own.
    "###);
    let page = std::fs::read_to_string(run.folder.join("report.html")).unwrap();
    assert!(page.contains("<h2>Arms</h2>") && page.contains("cache-memory-mib=8"));
}

/// An arm that asks no cache and is not the reference stands beside every cache.
#[test]
fn an_arm_without_a_cache_is_compared_in_every_family_of_its_reference() {
    let folder = tempfile::tempdir().unwrap();
    let mut run = Sample { caches: &["moka", "redis"], ..small() }.write(folder.path());
    let cells = &mut run.manifest.cells;
    // cache-aside is the reference; no-cache is one cell, which the record has beside the first cache.
    cells.retain(|cell| !cell.control && (cell.strategy != "no-cache" || cell.cache == "moka"));
    let reference = |cache: &str| format!("cache-aside-{cache}-0us-0.9");
    for cell in cells.iter_mut() {
        cell.reference = (cell.strategy != "cache-aside").then(|| reference(&cell.cache));
        if cell.strategy == "no-cache" {
            cell.cache = "none".into();
        }
    }
    let analysis = analyse(&run);
    let rows: Vec<Vec<&str>> =
        analysis.families.iter().map(|family| family.rows.iter().map(|row| row.label.as_str()).collect()).collect();
    assert_eq!(rows, [["cache-aside", "no-cache", "read-through"]; 2]);
    assert!(analysis.families.iter().all(|family| family.size == 2), "Holm counts it");
    assert!(analysis.families.iter().all(|family| family.rows[1].is(Verdict::Worse)));
    let told = cachemark_report::as_json(&run);
    let against = |one: &&serde_json::Value| one["cell"] == "no-cache-moka-0us-0.9" && one["figure"] == "throughput";
    let comparisons = told["comparisons"].as_array().unwrap();
    let against: Vec<_> = comparisons.iter().filter(against).map(|one| one["against"].as_str().unwrap()).collect();
    assert_eq!(against, [reference("moka"), reference("redis")]);
}
