/**
 * One iteration, from top to bottom. Policy filtration (PF-PPO, arXiv 2409.06957, Algorithm 2) is one way to fill its
 * slots; every other method of the catalogue fills them otherwise.
 *
 *   sample   which prompts (sample/order), and how the policy writes N programs for each (sample/decode)
 *   score    what reward they get (score/reward), and what moving away (score/reference) costs (score/price)
 *   run      the judge executes them for the true score, which training never sees, unless it is the reward
 *   filter   which prompts are worth an update (promptFilter), and which responses to them are learned from (filter)
 *   update   by which loss the policy learns from what was kept (update)
 *
 * An iteration is a generator that yields on arriving at a station, so that a person can step through it.
 */
import { hash32 } from '../core/random.ts';
import type { Transformer } from '../nn/model/transformer.ts';
import { letThrough } from './filter/letThrough.ts';
import { addCosts } from './loop/costs.ts';
import { beginMemory, moveReference, nextMemory, reportedCosts } from './loop/memory.ts';
import { type IterationMetrics, iterationMetrics } from './loop/metrics.ts';
import { referenceSince } from './loop/reference.ts';
import { nothingThrown, type Responses, type Scored } from './loop/responses.ts';
import type { Judged } from './loop/run.ts';
import type { SampleColumns, Station } from './loop/samples.ts';
import type { ArmState } from './loop/state.ts';
import { Stopwatch } from './loop/stopwatch.ts';
import { Gathering } from './sample/gathering.ts';
import { verdictsFor } from './score/verdicts.ts';
import type { Arm, RewardLook } from './slots.ts';
import { train } from './update/train.ts';

export interface Iteration {
  iteration: number;
  metrics: IterationMetrics;
  samples: SampleColumns;
}

export async function* iterate(
  arm: Arm,
  state: ArmState,
  iteration: number,
): AsyncGenerator<Station, Iteration> {
  const { seed, tasks, settings, reward } = arm;
  const { order, decode } = arm.methods;
  const clock = new Stopwatch();
  await beginMemory(arm, state);

  const { prompts, perPrompt } = order.asks(settings.training);
  const { replaces } = order;
  const rounds = replaces?.rounds(settings.order) ?? 1;
  const gathering =
    replaces && new Gathering(prompts, (rewards) => replaces.keeps(rewards, settings.order), reward);
  const since = referenceSince(arm, iteration);
  const at = decode.revisits(iteration, { since }, settings.decode);
  let drawn = 0;
  let scored: Scored;
  let asked: { judging: Promise<Judged>; believing?: Promise<Judged> };
  for (let round = 1; ; round++) {
    yield 'sample';
    const count = gathering?.missing ?? prompts;
    const responses = await clock.at('sample', () => {
      const chosen = order.choose(
        {
          seed,
          iteration: at,
          memory: state.memory.order,
          problems: tasks.problems,
          pool: settings.training.pool,
          count,
          drawn,
        },
        settings.order,
      );
      // A later round draws other random numbers.
      const writing = round === 1 ? arm : { ...arm, seed: hash32(seed, 'round', round) };
      return decode.write(writing, state, { chosen, perPrompt, iteration: at, since }, settings.decode);
    });
    drawn += count;

    // Most rewards need no verdict, so the judge works beside the update, unless the reward is made from its verdicts.
    asked = askJudge(arm, responses);
    const { judging } = asked;
    let verdicts: Judged | null = null;
    if (reward.needsVerdicts) {
      yield 'run';
      const problems = Array.from(responses.problem, (problem) => tasks.problems[problem]);
      const isTruth = !reward.ask && !reward.believes;
      verdicts = await clock.at('run', () =>
        isTruth ? judging : verdictsFor(reward, arm, problems, responses.programs),
      );
    }

    yield 'score';
    scored = await clock.at('score', () => score(arm, state, responses, verdicts, iteration));

    if (!reward.needsVerdicts) {
      yield 'run';
      if (arm.awaitJudge()) await clock.at('run', () => judging);
    }
    gathering?.add(scored);
    if (round === rounds || gathering?.missing === 0) break;
  }
  if (gathering) {
    scored = gathering.groups;
    // The judge remembers the programs of the rounds.
    asked = askJudge(arm, scored);
  }
  const { judging, believing } = asked;

  yield 'filter';
  // Filters that look at the tests wait for them; what is learned from is the reward all the same.
  const onTruth = settings.training.filterOn === 'truth';
  const looked = onTruth ? (await clock.at('run', () => judging)).score : scored.reward;
  const kept = await clock.at('filter', () => letThrough(arm, scored, looked, iteration));

  yield 'update';
  const {
    metrics: updates,
    costs,
    advantage,
  } = await clock.at('update', () => train(arm, state, scored, kept, iteration));

  const judged = await clock.at('run', () => judging);
  const believed = await clock.at('run', async () => believing);
  const samples = { ...columnsOf(scored, judged, kept), ...(advantage ? { advantage } : {}) };
  const rows = scored.rows.length;
  const { thrown = nothingThrown, stored } = scored;
  // What was written, graded and compared in an earlier iteration was paid for then.
  const once = !stored || stored.written === iteration;
  state.costs = addCosts(state.costs, {
    ...costs,
    ...(once
      ? {
          samples: rows + thrown.samples,
          sampledTokens: scored.tokens.length + thrown.tokens,
          rewardPasses: reward.passes(rows) + thrown.rewardPasses,
          referencePasses: rows + thrown.referencePasses,
        }
      : {}),
    seconds: clock.seconds(),
  });
  state.memory = nextMemory(arm, state.memory, { iteration, scored, kept, prompts: drawn });
  moveReference(arm, state, iteration);
  const metrics = iterationMetrics({
    samples,
    kept,
    updates,
    costs: reportedCosts(arm, state),
    times: clock.times(),
    judged,
    ...(scored.thrown ? { thrownTokens: scored.thrown.tokens } : {}),
    ...(scored.byReference ? { byReference: scored.byReference } : {}),
    ...(believed ? { believed } : {}),
    ...(arm.methods.price.memory && arm.methods.update.priced ? { beta: scored.beta } : {}),
  });
  return { iteration, metrics, samples };
}

/** What the networks and the reward say of the responses, with one readback. */
async function score(
  arm: Arm,
  state: ArmState,
  responses: Responses,
  verdicts: Judged | null,
  iteration: number,
): Promise<Scored> {
  const { nn, tasks, settings, methods, reward, rewardScale } = arm;
  const { rows, problem, programs, stored } = responses;
  const known = stored?.scores;
  const batch = nn.upload(nn.packSequences(rows));
  const problems = Array.from(problem, (at) => tasks.problems[at]);
  const beside = Object.entries(state.networks).filter(([name]) => name !== 'policy');
  const look: RewardLook = {
    batch,
    programs,
    problems,
    reference: (row) => tasks.reference(problems[row]),
    look: stored?.written ?? iteration,
  };
  const logProbs = (model: Transformer) => nn.tokenLogProbs(model, batch).logProb;
  try {
    if (!known) await reward.prepare?.(look);
    const {
      startLogProb,
      refLogProb = startLogProb,
      reward: raw,
      ...values
    } = await nn.readTogether<string>(() => ({
      ...(known ?? {
        startLogProb: logProbs(arm.reference),
        ...(state.reference ? { refLogProb: logProbs(state.reference) } : {}),
        reward: reward.grade(look, verdicts),
      }),
      ...Object.fromEntries(
        beside.map(([name, { model }]) => [name, nn.atActions(nn.scalars(model, batch), batch.host)]),
      ),
    }));
    if (stored) stored.scores = { startLogProb, refLogProb, reward: raw };
    const { mean, deviation } = rewardScale;
    const standardised = raw.map((r) => (r - mean) / deviation);
    const beta = methods.price.beta(settings.price, state.memory.price);
    return { ...responses, startLogProb, refLogProb, reward: raw, standardised, beta, values };
  } finally {
    batch.dispose();
  }
}

/** Asks the judge, and the one that can be fooled where there is one, about what was written. */
function askJudge({ tasks, judge, naiveJudge }: Arm, { problem, programs }: Responses) {
  const problems = Array.from(problem, (at) => tasks.problems[at]);
  return {
    judging: reported(judge(problems, programs)),
    ...(naiveJudge ? { believing: reported(naiveJudge(problems, programs)) } : {}),
  };
}

/** A promise whose failure is reported where it is awaited, and not before. */
function reported<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {});
  return promise;
}

function columnsOf(scored: Scored, { score, status }: Judged, kept: Int32Array): SampleColumns {
  const { problem, group, starts, tokens, logProb, startLogProb, reward } = scored;
  const uses = new Uint16Array(problem.length);
  for (const row of kept) uses[row]++;
  return { problem, group, starts, tokens, logProb, refLogProb: startLogProb, reward, score, status, uses };
}
