/** What each trainer is given, run against small doubles of the interfaces that it hooks into. */
import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import type { Filter } from '../../core/filters/filter.ts';
import { selectPipeline } from '../../core/filters/pipeline.ts';
import type { PromptFilter } from '../../core/filters/promptFilter.ts';
import { stream } from '../../core/random.ts';
import { exportFilter, type Trainer, trainers } from './exportFilter.ts';
import type { ExportFile, TrainingContext } from './filterExport.ts';
import type { ExportedFilter } from './pythonFilter.ts';
import { batch, named, python, rank } from './testing/python.ts';

const context: TrainingContext = {
  responses: 3,
  temperature: 1,
  beta: 0.05,
  clip: 0.2,
  valueClip: 0.2,
  gamma: 1,
  lambda: 0.95,
  normalise: 'before',
};
const bestWorst = named(rank('best-worst', 2));
const contrast: PromptFilter = { kind: 'contrast' };

const filesOf = (trainer: Trainer, exported: ExportedFilter = bestWorst): ExportFile[] =>
  exportFilter(trainer, exported, context).files;

/** The rows that the page selects for the first batch of a trainer, whose seeds are 0 and 1. */
function pageRows({ filter, prompts }: ExportedFilter, one: ReturnType<typeof batch>): number[] {
  const rng = { ...stream(1), uint32: () => 1 };
  return [...selectPipeline({ prompts, filter, sampler: 'keep' }, one, 0, rng)];
}

const lengthy: Filter = { kind: 'length', by: 'reward-per-token', keep: 2 };
const tuned: ExportedFilter[] = [
  bestWorst,
  named({ kind: 'max-variance', keep: 3 }),
  named(lengthy),
  named({ kind: 'threshold', above: 0.2, below: -0.2, otherwise: 0 }, { prompts: contrast }),
];

describe('every file', () => {
  it.each(trainers)(
    '%s: opens with what it changes, what it cannot do, and how to see that it works',
    (trainer) => {
      for (const exported of [bestWorst, named({ kind: 'power', exponent: 2 }, { prompts: contrast })]) {
        for (const { name, language, text } of filesOf(trainer, exported)) {
          const top = text.split('\n').slice(0, 24).join('\n');
          if (language === 'toml' || name === 'filtrate_openrlhf.sh') continue;
          for (const word of ['# Changes: ', '# Cannot:\n#', '# To see that it works: ', '# Versions: '])
            expect(top.replaceAll('\n#  ', '\n# '), name).toContain(word);
          expect(Math.max(...text.split('\n').map((line) => line.length)), name).toBeLessThan(150);
        }
      }
    },
  );

  it.each(trainers)('%s: scripts are sound', (trainer) => {
    for (const { language, text } of filesOf(trainer)) {
      if (language === 'shell') execFileSync('sh', ['-n'], { input: text });
    }
  });

  it('a custom filter is refused with advice', () => {
    for (const trainer of trainers) {
      const { files, warnings } = exportFilter(trainer, named({ kind: 'custom', source: 'x' }), context);
      expect([files.length, warnings[0].includes('JavaScript')]).toEqual([0, true]);
    }
  });
});

describe('verl', () => {
  const estimate = `from tensors import Tensor
from verl.trainer.ppo.core_algos import get_adv_estimator_fn, registered
rewards = Tensor([[0.0, r] for r in data["reward"]])
mask = Tensor([[1.0] * n for n in data["length"]])
def advantages(name, config):
    return get_adv_estimator_fn(name)(token_level_rewards=rewards, response_mask=mask, index=data["group"], config=config)
`;

  it.each(tuned)('loads as an external module and keeps the rows of the page: $filter.kind', (exported) => {
    const one = batch(8, 6);
    const data = {
      reward: [...one.reward],
      group: [...one.group],
      length: [...one.length].map((n) => n + 1),
    };
    const result = python(
      filesOf('verl', exported),
      data,
      `import os
os.environ["VERL_USE_EXTERNAL_MODULES"] = "filtrate_verl"
import verl, filtrate_verl
${estimate}
rows = filtrate_verl.select(data["reward"], data["group"], tie_seed=0, seed=1, lengths=data["length"])
per_token, returns = advantages("filtrate_before", {"norm_adv_by_std_in_grpo": False})
assert returns is per_token and sorted(registered) == ["filtrate_after", "filtrate_before"]
print(json.dumps([rows, per_token.rows]))`,
    ) as [number[], number[][]];
    const rows = pageRows(exported, { ...one, length: one.length.map((n) => n + 1) });
    expect(result[0]).toEqual(rows);
    result[1].forEach((tokens, row) => {
      expect(tokens.length).toBe(one.length[row] + 1);
      expect(new Set(tokens).size).toBe(1);
      const group = one.reward.filter((_, other) => one.group[other] === one.group[row]);
      const mean = group.reduce((sum, reward) => sum + reward, 0) / group.length;
      const expected = rows.includes(row) ? one.reward[row] - mean : 0;
      expect(tokens[0]).toBeCloseTo(expected, 5);
    });
  });

  it('compares before with all responses to a prompt, after with the kept ones, by their deviation or not', () => {
    const data = { reward: [1, 0.5, 0, 0.3], group: ['a', 'a', 'a', 'b'], length: [1, 1, 1, 1] };
    const result = python(
      filesOf('verl'),
      data,
      `import filtrate_verl
${estimate}
print(json.dumps([[row[0] for row in advantages(name, config)[0].rows] for name in ("filtrate_before", "filtrate_after") for config in ({"norm_adv_by_std_in_grpo": False}, None)]))`,
    ) as number[][];
    const close = (values: number[], expected: number[]) =>
      values.forEach((value, i) => {
        expect(value).toBeCloseTo(expected[i], 4);
      });
    close(result[0], [0.5, 0, -0.5, 0]);
    close(result[1], [1, 0, -1, 0]);
    close(result[2], [0.5, 0, -0.5, 0]);
    close(result[3], [Math.SQRT1_2, 0, -Math.SQRT1_2, 0]);
  });

  it('loads as a plugin: the package names the module that registers', () => {
    const project = filesOf('verl').find(({ name }) => name === 'pyproject.toml')!;
    const result = python(
      filesOf('verl'),
      project.text,
      `import os, tomllib
project = tomllib.loads(data)
group, = project["project"]["entry-points"]["verl.plugins"].items()
os.mkdir("filtrate_verl-1.0.0.dist-info")
open("filtrate_verl-1.0.0.dist-info/METADATA", "w").write("Metadata-Version: 2.1\\nName: filtrate-verl\\nVersion: 1.0.0\\n")
open("filtrate_verl-1.0.0.dist-info/entry_points.txt", "w").write("[verl.plugins]\\n%s = %s\\n" % group)
import verl
from verl.trainer.ppo.core_algos import registered
print(json.dumps([sorted(registered), project["tool"]["setuptools"]["py-modules"]]))`,
    );
    expect(result).toEqual([['filtrate_after', 'filtrate_before'], ['filtrate_verl']]);
  });

  it('has verl’s own keys where they come close, for the legacy trainer', () => {
    const scripts = (filter: Filter) => filesOf('verl', named(filter)).map(({ name }) => name);
    expect(scripts(rank('best', 1))).toEqual(['filtrate_verl.py', 'pyproject.toml', 'filtrate_verl.sh']);
    const legacy = (filter: Filter) => filesOf('verl', named(filter)).at(-1)!.text;
    expect(legacy(rank('best-worst', 2))).toContain('algorithm.pf_ppo.reweight_method=max_min');
    expect(legacy(rank('best-random', 2))).toContain('algorithm.pf_ppo.reweight_method=max_random');
    expect(legacy({ kind: 'power', exponent: 3 })).toContain('algorithm.pf_ppo.weight_pow=3.0');
    expect(legacy(rank('best-worst', 2))).toContain('trainer.use_v1=False');
    const { warnings } = exportFilter('verl', bestWorst, context);
    expect(warnings.join(' ')).toContain('whole batch');
    const arm = { ...context, normalise: 'after' as const };
    expect(exportFilter('verl', bestWorst, arm).files[2].text).toContain('adv_estimator=filtrate_after');
  });

  it('with a critic filter_verl keeps the selected rows of a DataProto, cut to a multiple', () => {
    const result = python(
      filesOf('verl'),
      [0.1, 0.9, -0.5, 0.4, 0.3, 0.2],
      `import filtrate_verl
from tensors import Tensor
class Data:
    meta_info = {}
    batch = {"token_level_scores": Tensor([[value] for value in data])}
    non_tensor_batch = {"uid": ["a", "a", "a", "a", "b", "b"]}
    def select_idxs(self, rows): self.rows = rows; return self
print(json.dumps([filtrate_verl.filter_verl(Data()).rows, filtrate_verl.filter_verl(Data(), step=4, multiple_of=3).rows]))`,
    );
    expect(result).toEqual([
      [1, 2, 4, 5],
      [1, 2, 4],
    ]);
  });
});

describe('TRL', () => {
  const state = 'class State: global_step = 0\n';

  it.each(tuned)(
    'a wrapped reward function returns None for what the page drops: $filter.kind',
    (exported) => {
      const rng = stream(5);
      const reward = Float32Array.from({ length: 60 }, () => rng.int(6) / 8);
      const one = {
        reward,
        group: Int32Array.from(reward, (_, row) => row >> 2),
        length: Int32Array.from(reward, () => 1 + rng.int(9)),
      };
      const result = python(
        filesOf('trl', exported).filter(({ name }) => name === 'filtrate_trl.py'),
        { reward: [...reward], length: [...one.length] },
        `import filtrate_trl, inspect
${state}logged = {}
def accuracy(prompts, completions, answer, **_): return data["reward"]
wrapped = filtrate_trl.filtered_reward(accuracy, num_generations=4)
kept = wrapped(prompts=[str(i // 4) for i in range(60)], completions=[""] * 60, answer=[1] * 60,
    completion_ids=[[0] * n for n in data["length"]], trainer_state=State(),
    log_extra=lambda name, values: logged.update({name: values}), log_metric=lambda name, value: logged.update({name: value}))
print(json.dumps([kept, logged, wrapped.__name__, inspect.iscoroutinefunction(wrapped)]))`,
      ) as [(number | null)[], Record<string, unknown>, string, boolean];
      const rows = pageRows(exported, one);
      expect(result[0]).toEqual(Array.from(reward, (value, row) => (rows.includes(row) ? value : null)));
      expect(result[1]).toEqual({ reward_before_filter: [...reward], 'filtrate/kept': rows.length / 60 });
      expect(result.slice(2)).toEqual(['accuracy', false]);
    },
  );

  it('adds several up, leaves out what every one left out, waits for those that are asynchronous', () => {
    const result = python(
      filesOf('trl').filter(({ name }) => name === 'filtrate_trl.py'),
      null,
      `import asyncio, filtrate_trl
def first(**_): return [1.0, 0.0, None, 0.5]
async def second(**_): return [0.0, 2.0, None, float("nan")]
wrapped = filtrate_trl.filtered_reward([first, second], num_generations=4, weights=[1.0, 0.25])
print(json.dumps(asyncio.run(wrapped(prompts=["p"] * 4, completions=[""] * 4))))`,
    );
    // Of the three that are scored the best and one of the two worst, which tie.
    expect([...(result as unknown[])].map((one) => one ?? 'none').sort()).toEqual([0.5, 1, 'none', 'none']);
    expect((result as unknown[])[2]).toBeNull();
  });

  it('says where groups are cut, what it cannot wrap, and which versions are too old', () => {
    const wrapper = filesOf('trl').find(({ name }) => name === 'filtrate_trl.py')!;
    const result = python(
      [wrapper],
      null,
      `import filtrate_trl, importlib.metadata, runpy
def said(work):
    try:
        work()
    except Exception as error:
        return f"{type(error).__name__}: {error}"
reward = lambda prompts, **_: [0.5] * len(prompts)
importlib.metadata.version = lambda name: "1.5.2"
print(json.dumps([
    said(lambda: filtrate_trl.filtered_reward(reward, num_generations=4)(prompts=["a"] * 4 + ["b"] * 2, completions=[])),
    said(lambda: filtrate_trl.filtered_reward(reward, num_generations=2)(prompts=["a", "b"], completions=[])),
    said(lambda: filtrate_trl.filtered_reward("org/reward-model", num_generations=4)),
    said(lambda: runpy.run_path("filtrate_trl.py"))]))`,
    ) as string[];
    expect(result[0]).toContain('The 4 completions of a prompt are not together on this process');
    expect(result[1]).toContain('The 2 completions of a prompt are not together');
    expect(result[2]).toBe(
      'TypeError: filtered_reward wraps functions: write one that calls the reward model.',
    );
    expect(result[3]).toBe('RuntimeError: This filter needs TRL 1.6.0 or newer, and finds 1.5.2.');
  });

  it('the subclass zeroes the advantages of dropped completions and leaves evaluation alone', () => {
    const result = python(
      filesOf('trl').filter(({ name }) => name === 'filtrate_trl_before.py'),
      null,
      `import filtrate_trl_before
class Vector(list):
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
Filtered = filtrate_trl_before.filtered(Base)
trainer = Filtered(True)
print(json.dumps([t._generate_and_score_completions(None)["advantages"] for t in (trainer, Filtered(False))] + [trainer.filtrate_kept]))`,
    ) as [number[], number[], number];
    expect(result.slice(0, 2)).toEqual([
      [10, 0, 30],
      [10, 20, 30],
    ]);
    expect(result[2]).toBeCloseTo(2 / 3);
  });

  it('the way of the arm comes first, and both are named', () => {
    const first = (normalise: 'before' | 'after') =>
      exportFilter('trl', bestWorst, { ...context, normalise });
    expect(first('before').files[0].name).toBe('filtrate_trl_before.py');
    expect(first('after').files[0].name).toBe('filtrate_trl.py');
    expect(first('after').warnings[0]).toContain('order of PODS');
  });
});

describe('slime', () => {
  const doubles = `class Args: reward_key = None
class Sample:
    remove_sample = False
    def __init__(self, group, reward, length): self.group_index, self.reward, self.response_length = group, reward, length
    def get_reward_value(self, args): return self.reward if not args.reward_key else self.reward[args.reward_key]
`;

  it.each(tuned)(
    'removes the samples that the page drops, in groups or in a row: $filter.kind',
    (exported) => {
      const { reward, group, length } = batch(8, 6);
      // slime gives groups one after the other.
      const order = [...group.keys()].sort((a, b) => group[a] - group[b] || a - b);
      const sorted = {
        reward: Float32Array.from(order, (row) => reward[row]),
        group: Int32Array.from(order, (row) => group[row]),
        length: Int32Array.from(order, (row) => length[row]),
      };
      const data = { reward: [...sorted.reward], group: [...sorted.group], length: [...sorted.length] };
      const result = python(
        filesOf('slime', exported),
        data,
        `import filtrate_slime, itertools
${doubles}
def samples(): return [Sample(*row) for row in zip(data["group"], data["reward"], data["length"])]
flat, nested = samples(), samples()
filtrate_slime.filter_samples(Args(), flat)
filtrate_slime._rollouts = itertools.count()
filtrate_slime.filter_samples(Args(), [list(group) for _, group in itertools.groupby(nested, lambda sample: sample.group_index)])
print(json.dumps([[i for i, s in enumerate(each) if not s.remove_sample] for each in (flat, nested)]))`,
      );
      const rows = pageRows(exported, sorted);
      expect(result).toEqual([rows, rows]);
    },
  );

  it('takes executions cut into several samples as one response, and leaves out what was removed before', () => {
    const result = python(
      filesOf('slime'),
      null,
      `import filtrate_slime
${doubles}
Args.reward_key = "score"
make = lambda reward: Sample(0, {"score": reward}, 3)
cut = [make(0.0), make(0.9)]
group = [cut, make(0.5), make(0.1), make(5.0)]
group[3].remove_sample = True
filtrate_slime.filter_samples(Args(), [group])
print(json.dumps([[part.remove_sample for part in (one if isinstance(one, list) else [one])] for one in group]))`,
    );
    expect(result).toEqual([[false, false], [true], [false], [true]]);
  });

  it('a prompt filter that judges a group by itself drops it while sampling', () => {
    const exported = named(rank('best', 1), {
      prompts: { kind: 'pass-rate', passAt: 0.5, low: 0, high: 1, ends: 'open' },
    });
    const [file] = filesOf('slime', exported);
    expect(file.text).toContain('--dynamic-sampling-filter-path filtrate_slime.keep_prompt');
    const result = python(
      [file],
      [
        [1, 0, 1],
        [1, 1, 1],
        [0, 0.25, 0],
      ],
      `import filtrate_slime
${doubles}
outputs = [filtrate_slime.keep_prompt(Args(), [Sample(0, reward, 1) for reward in group]) for group in data]
print(json.dumps([[output.keep, output.reason] for output in outputs]))`,
    );
    expect(result).toEqual([
      [true, null],
      [false, 'filtrate'],
      [false, 'filtrate'],
    ]);
    const byVariance = named(rank('best', 1), { prompts: { kind: 'variance-share', share: 0.5 } });
    expect(filesOf('slime', byVariance)[0].text).not.toContain('dynamic-sampling');
  });
});

describe('OpenRLHF', () => {
  it('drops rows by prompt and deals the rest out over as many batches', () => {
    const result = python(
      filesOf('openrlhf'),
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
      `import filtrate_openrlhf
class Item:
    def __init__(self, row): self.prompts = [row[0]]; self.info = {"reward": row[1]}
kept = filtrate_openrlhf.filter_experiences(data, lambda batch: [Item(row) for row in batch], lambda items: [i.info["reward"] for i in items])
print(json.dumps(kept))`,
    );
    expect(result).toEqual([
      [0.9, -0.5],
      [0.4, 0.2],
    ]);
  });

  it('has a flag for a band of pass rates', () => {
    const prompts: PromptFilter = { kind: 'pass-rate', passAt: 1, low: 0, high: 1, ends: 'open' };
    const [, script] = filesOf('openrlhf', named(rank('best', 1), { prompts }));
    expect(script.text).toContain('--algo.dynamic_filtering_range 0 1');
  });
});

it('NeMo-RL: what exists, and that there is no hook for a filter of responses', () => {
  const [plain] = filesOf('nemo-rl');
  expect(plain.text).toContain('use_dynamic_sampling: false');
  const [sampling] = filesOf('nemo-rl', named(rank('best', 1), { prompts: contrast }));
  expect(sampling.text).toContain('use_dynamic_sampling: true');
  expect(exportFilter('nemo-rl', bestWorst, context).warnings[0]).toContain('no hook');
});
