import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type Filter, type FilterBatch, keepAll, type Sampler, select } from '../../core/filter.ts';
import { type Rng, stream } from '../../core/random.ts';
import { exportFilter } from './exportFilter.ts';
import type { TrainingContext } from './filterExport.ts';
import { type ExportedFilter, pythonFilter } from './pythonFilter.ts';

const context: TrainingContext = {
  responses: 5,
  temperature: 1,
  beta: 0.05,
  clip: 0.2,
  valueClip: 0.2,
  gamma: 1,
  lambda: 0.95,
};
const seeds = { tie: 3_456_789_012, draw: 77 };
const folder = mkdtempSync(join(tmpdir(), 'filtrate-python-'));
afterAll(() => rmSync(folder, { recursive: true }));

const rank = (weights: Extract<Filter, { kind: 'rank' }>['weights'], keep: number): Filter => ({
  kind: 'rank',
  weights,
  keep,
});
const named = (filter: Filter, sampler: Sampler = 'keep'): ExportedFilter => ({
  filter,
  sampler,
  label: 'tuned "on" Tuesday\n',
  seeds,
});

/** Runs Python that sees the modules as `m0`, `m1` … and the input as `data`; what it prints as JSON comes back. */
function python(modules: string[], data: unknown, body: string): unknown {
  modules.forEach((text, i) => {
    writeFileSync(join(folder, `m${i}.py`), text);
  });
  writeFileSync(join(folder, 'data.json'), JSON.stringify(data));
  const imports = modules.map((_, i) => `import m${i}`).join('\n');
  const script = `import json, sys\nsys.dont_write_bytecode = True\n${imports}\ndata = json.load(open("data.json"))\n${body}\n`;
  writeFileSync(join(folder, 'main.py'), script);
  try {
    return JSON.parse(execFileSync('python3', ['main.py'], { cwd: folder, encoding: 'utf8' }));
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') throw cause;
    throw new Error('The exported Python is tested by running it: install python3 (no packages are needed).');
  }
}

/** A stream that starts with the two seeds of the export. */
function seeded(): Rng {
  const first = [seeds.tie, seeds.draw];
  return { ...stream(1), uint32: () => first.shift()! };
}

/** Groups of 1 to 9 in mixed order; rewards with many ties unless `levels` is large. */
function batch(seed: number, levels: number): FilterBatch {
  const rng = stream(seed, 'batch');
  const group: number[] = [];
  for (let g = 0; g < 60; g++) for (let i = rng.int(9); i >= 0; i--) group.push(g);
  rng.shuffle(group);
  return {
    group: Int32Array.from(group),
    reward: Float32Array.from(group, () => (rng.int(levels) - levels / 2) / (levels / 2)),
  };
}

describe('the Python module', () => {
  const filters: Filter[] = [
    rank('best-worst', 2),
    rank('best', 1),
    rank('uniform', keepAll),
    rank('best-random', 2),
    rank('worst-random', 2),
    rank('uniform', 2),
    rank('best-random', 3),
    rank('best-worst', 3),
    rank([0.5, 0, 0, 0, 0.5], 2),
    rank([0.4, 0.1, 0.1, 0.1, 0.1], 2),
    rank([0.31, 0.17, 0, 0.07, 0.45], 3),
    rank([0, 1, 0], 1),
    { kind: 'threshold', above: 0.3, below: null, otherwise: 0 },
    { kind: 'threshold', above: 0.25, below: -0.25, otherwise: 0 },
    { kind: 'threshold', above: null, below: null, otherwise: 1 },
    { kind: 'threshold', above: 0.1, below: null, otherwise: 0.5 },
    { kind: 'power', exponent: 2 },
  ];

  it('selects exactly the rows of select(), ties and groups of mixed size included', () => {
    const batches = [batch(1, 4), batch(2, 8), batch(3, 100_000)];
    const modules = filters.map((filter) => pythonFilter(named(filter)));
    const data = batches.map(({ reward, group }) => ({ reward: [...reward], group: [...group] }));
    const result = python(
      modules,
      data,
      `print(json.dumps([[m.select(b["reward"], b["group"]) for b in data] for m in [${modules.map((_, i) => `m${i}`)}]]))`,
    ) as number[][][];
    filters.forEach((filter, f) => {
      batches.forEach((one, b) => {
        expect(result[f][b], JSON.stringify(filter)).toEqual([...select(filter, 'keep', one, seeded())]);
      });
    });
  });

  it('rounds rewards to single precision before it compares them, as the page does', () => {
    const reward = [0.1, 0.1 + 1e-12, 0.1 - 1e-12, 0];
    const one = { reward: Float32Array.from(reward), group: new Int32Array(4) };
    const rows = python(
      [pythonFilter(named(rank('best', 1)))],
      reward,
      'print(json.dumps(m0.select(data, [7] * 4)))',
    );
    expect(rows).toEqual([...select(rank('best', 1), 'keep', one, seeded())]);
  });

  it('draws with the same probabilities under the other samplers', () => {
    const one = {
      reward: Float32Array.of(0.9, 0.1, -0.7, 0.4, 0.2, -0.3),
      group: Int32Array.of(0, 0, 0, 0, 1, 1),
    };
    const cases: [Filter, Sampler][] = [
      [rank('best-worst', 2), 'draw'],
      [rank('best-random', 2), 'resample'],
      [{ kind: 'power', exponent: 2 }, 'resample'],
      [{ kind: 'threshold', above: 0.15, below: null, otherwise: 0.25 }, 'draw'],
    ];
    const modules = cases.map(([filter, sampler]) => pythonFilter(named(filter, sampler)));
    const counts = python(
      modules,
      [...one.reward],
      `from collections import Counter
groups = ["a", "a", "a", "a", "b", "b"]
out = []
for m in [${modules.map((_, i) => `m${i}`)}]:
    c = Counter()
    for s in range(3000):
        c.update(m.select(data, groups, seed=s))
    out.append([c[i] / 3000 for i in range(6)])
print(json.dumps(out))`,
    ) as number[][];
    cases.forEach(([filter, sampler], i) => {
      const uses = new Float64Array(6);
      for (let seed = 0; seed < 3000; seed++) {
        for (const row of select(filter, sampler, one, stream(seed))) uses[row] += 1 / 3000;
      }
      for (let row = 0; row < 6; row++) expect(Math.abs(uses[row] - counts[i][row])).toBeLessThan(0.1);
    });
  });

  it('names the row of a reward that cannot be ranked, and survives an empty batch', () => {
    const result = python(
      [pythonFilter(named(rank('best-worst', 2))), pythonFilter(named({ kind: 'power', exponent: 1 }))],
      null,
      `try:
    m0.select([0.0, float("nan")], [1, 1])
    message = ""
except ValueError as error:
    message = str(error)
print(json.dumps([message, m0.select([], []), m1.select([], []), m1.select([0, 0], [1, 1])]))`,
    ) as [string, number[], number[], number[]];
    expect(result[0]).toContain('row 1 is nan');
    expect(result.slice(1)).toEqual([[], [], []]);
  });
});

describe('verl', () => {
  it('writes the exact keys for BW and warns that they are batch-wide', () => {
    const { files, warnings } = exportFilter('verl', named(rank('best-worst', 2)), context);
    const [yaml, shell, module] = files;
    expect(yaml.text).toContain(
      [
        'algorithm:',
        '  adv_estimator: gae',
        '  gamma: 1.0',
        '  lam: 0.95',
        '  use_kl_in_reward: True',
        '  kl_penalty: kl',
        '  kl_ctrl:',
        '    type: fixed',
        '    kl_coef: 0.05',
        '  use_pf_ppo: True',
        '  pf_ppo:',
        '    reweight_method: max_min',
        'trainer:',
        '  use_v1: False',
      ].join('\n'),
    );
    expect(shell.text).toContain('algorithm.pf_ppo.reweight_method=max_min');
    expect(module.name).toBe('filtrate_filter.py');
    expect(warnings[0]).toContain('whole batch');
    expect(yaml.text).toContain('whole batch');
  });

  it('knows pow and max_random, and says when verl has nothing of the kind', () => {
    const pow = exportFilter('verl', named({ kind: 'power', exponent: 3 }, 'resample'), context);
    expect(pow.files.map(({ name }) => name)).toEqual(['filtrate_verl.yaml', 'filtrate_verl.sh']);
    expect(pow.files[0].text).toContain('    reweight_method: pow\n    weight_pow: 3.0');
    expect(exportFilter('verl', named(rank('best-random', 2)), context).files[0].text).toContain(
      'max_random',
    );
    const bon = exportFilter('verl', named(rank('best', 1)), context);
    expect(bon.files[0].text).toContain('use_pf_ppo: False');
    expect(bon.warnings[0]).toContain('no such filter');
    expect(exportFilter('verl', named(rank('uniform', 5)), context).files.length).toBe(2);
  });

  it('the shell script is valid and the YAML nests as the dotted keys say', () => {
    const { files } = exportFilter('verl', named(rank('best-worst', 2)), context);
    writeFileSync(join(folder, 'run.sh'), files[1].text);
    execFileSync('sh', ['-n', join(folder, 'run.sh')]);
    const keys: string[] = [];
    const path: string[] = [];
    for (const line of files[0].text.split('\n').filter((text) => text && !text.startsWith('#'))) {
      const depth = line.search(/\S/) / 2;
      const [key, value] = line.trim().split(/:\s*/);
      path.length = depth;
      path.push(key);
      if (value) keys.push(`${path.join('.')}=${value}`);
    }
    for (const key of keys) expect(files[1].text).toContain(`    ${key} \\`);
    expect(keys.length).toBe(15);
  });

  it('filter_verl keeps the selected rows of a DataProto, cut to a multiple', () => {
    const { files } = exportFilter('verl', named(rank('best-worst', 2)), context);
    const result = python(
      [files[2].text],
      [0.1, 0.9, -0.5, 0.4, 0.3, 0.2],
      `class Column:
    def __init__(self, values): self.values = values
    def sum(self, dim): return self
    def tolist(self): return self.values
class Data:
    meta_info = {}
    batch = {"token_level_scores": Column(data)}
    non_tensor_batch = {"uid": ["a", "a", "a", "a", "b", "b"]}
    def select_idxs(self, rows): self.rows = rows; return self
print(json.dumps([m0.filter_verl(Data()).rows, m0.filter_verl(Data(), step=4, multiple_of=3).rows]))`,
    );
    expect(result).toEqual([
      [1, 2, 4, 5],
      [1, 2, 4],
    ]);
  });
});

describe('TRL', () => {
  it('zeroes the advantages of dropped completions and leaves evaluation alone', () => {
    const { files, warnings } = exportFilter('trl', named(rank('best-worst', 2)), context);
    const result = python(
      [files[0].text],
      null,
      `class Vector(list):
    device = "cpu"
    def to(self, device): return self
    def unsqueeze(self, dim): return self
    def __mul__(self, other): return Vector(a * b for a, b in zip(self, other))
    def nansum(self, dim): return self
    def tolist(self): return list(self)
    def dim(self): return 1
    def reshape(self, shape): return self
    def new_tensor(self, values): return Vector(values)
class Thing: pass
class Base:
    num_generations = 3
    reward_weights = Vector([1.0] * 6)
    def __init__(self, training):
        self.model = Thing(); self.model.training = training
        self.state = Thing(); self.state.global_step = 0
        self.accelerator = Thing(); self.accelerator.process_index = 1
    def _calculate_rewards(self, inputs, prompts, completions, completion_ids_list):
        return Vector([0.1, 0.9, -0.5, 0.4, 0.3, 0.2])
    def _generate_and_score_completions(self, inputs):
        self._calculate_rewards(None, None, None, None)
        return {"advantages": Vector([10.0, 20.0, 30.0])}
Filtered = m0.filtered(Base)
print(json.dumps([Filtered(t)._generate_and_score_completions(None)["advantages"] for t in (True, False)]))`,
    );
    expect(result).toEqual([
      [10, 0, 30],
      [10, 20, 30],
    ]);
    expect(warnings[0]).toContain('pin TRL');
  });
});

describe('OpenRLHF', () => {
  it('drops rows by prompt and deals the rest out over as many batches', () => {
    const { files } = exportFilter('openrlhf', named(rank('best-worst', 2)), context);
    const result = python(
      [files[0].text],
      [
        [
          ['a', 0.1],
          ['a', 0.9],
          ['b', 0.4],
        ],
        [
          ['a', -0.5],
          ['b', 0.3],
          ['b', 0.2],
        ],
      ],
      `class Item:
    def __init__(self, row): self.prompts = [row[0]]; self.info = {"reward": row[1]}
kept = m0.filter_experiences(data, lambda batch: [Item(row) for row in batch], lambda items: [i.info["reward"] for i in items])
print(json.dumps(kept))`,
    );
    expect(result).toEqual([
      [0.9, -0.5],
      [0.4, 0.2],
    ]);
    writeFileSync(join(folder, 'run.sh'), files[1].text);
    execFileSync('sh', ['-n', join(folder, 'run.sh')]);
  });
});

describe('custom filters', () => {
  it('are refused with advice', () => {
    const custom = named({ kind: 'custom', source: 'x' });
    const { files, warnings } = exportFilter('verl', custom, context);
    expect([files.length, warnings[0].includes('JavaScript')]).toEqual([0, true]);
    expect(() => pythonFilter(custom)).toThrow(TypeError);
  });
});
