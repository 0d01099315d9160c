/**
 * Traces of verifiers and prime-rl: an episode on each line, with a trace for each agent. The trainer learns from the
 * agents that are trainable; their reward is not written, and is the sum of score × weight.
 */
import { type Fields, numberOf, textOf } from '../values.ts';
import { isObject, type Shape } from './shape.ts';

export const traces: Shape = {
  fits: ({ traces }) => Array.isArray(traces) && traces.length > 0 && traces.every(isObject),

  rows(episode) {
    const { traces } = episode;
    if (!Array.isArray(traces)) return 'an episode without a list of traces';
    const trainable = traces.filter((trace) => !isObject(trace) || objectOf(trace.agent).trainable !== false);
    if (trainable.length === 0) return 'an episode without a trace of a trainable agent';
    return trainable.map((trace) => (isObject(trace) ? rowOf(episode, trace) : 'a trace that is no object'));
  },
};

const objectOf = (value: unknown): Fields => (isObject(value) ? value : {});

function rowOf(episode: Fields, trace: Fields): Fields | string {
  if (trace.ok === false) return 'a trace that failed (ok is false)';
  if (!isObject(trace.rewards)) return 'a trace without its rewards';
  const own = objectOf(trace.task);
  const data = objectOf(own.data);
  const task = objectOf(episode.task);
  const nodes = Array.isArray(trace.nodes) ? trace.nodes.filter(isObject) : [];
  const given: Fields = {
    episode: episode.id,
    trace: trace.id,
    env: objectOf(episode.env).id,
    agent: objectOf(trace.agent).name,
    step: objectOf(objectOf(episode.run).work).step,
    group: objectOf(episode.group).id,
    task: own.key ?? task.key ?? own.idx ?? data.idx ?? objectOf(task.data).idx,
    prompt: own.prompt ?? data.prompt ?? objectOf(task.data).prompt,
    response: responseOf(nodes),
    advantage: objectOf(trace.info).advantage,
    stop_condition: trace.stop_condition,
  };
  const row: Fields = Object.fromEntries(Object.entries(given).filter(([, value]) => value != null));
  let reward: number | null = null;
  for (const [name, part] of Object.entries(trace.rewards)) {
    if (part === null) continue;
    const score = numberOf(objectOf(part).score);
    const weight = numberOf(objectOf(part).weight ?? 1);
    if (score === null || weight === null) return `a trace whose reward ${name} has no score or weight`;
    row[`rewards.${name}`] = score;
    row[`weights.${name}`] = weight;
    // A weight of zero only watches: it must not make the reward unknown, nor known.
    if (weight !== 0) reward = (reward ?? 0) + score * weight;
  }
  for (const [name, metric] of Object.entries(objectOf(trace.metrics))) row[`metrics.${name}`] = metric;
  return { ...row, reward };
}

/** What was sampled, turn after turn; null where the trace has no nodes. */
function responseOf(nodes: readonly Fields[]): string | null {
  const sampled = nodes.filter((node) => node.sampled === true).map((node) => objectOf(node.message));
  return sampled.length === 0 ? null : sampled.map(({ content }) => textOf(content)).join('\n');
}
