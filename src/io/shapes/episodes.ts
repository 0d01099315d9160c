/**
 * Episodes of rLLM, each a file of its own: a task, whether it was solved, and a trajectory for each role that acted.
 * Trajectories of one role on one task are a group.
 */
import { type Fields, numberOf, textOf } from '../values.ts';
import { answersOf, messagesOf, present, promptOf } from './chat.ts';
import { isObject, type Shape } from './shape.ts';

export const episodes: Shape = {
  fits: ({ trajectories }) =>
    Array.isArray(trajectories) &&
    trajectories.length > 0 &&
    trajectories.every((one) => isObject(one) && Array.isArray(one.steps)),

  rows(episode) {
    const { trajectories } = episode;
    if (!Array.isArray(trajectories) || trajectories.length === 0) return 'an episode without trajectories';
    return trajectories.map((one) =>
      isObject(one) ? rowOf(episode, one) : 'a trajectory that is no object',
    );
  },
};

function rowOf(episode: Fields, trajectory: Fields): Fields | string {
  const { name, steps, reward } = trajectory;
  if (!Array.isArray(steps) || steps.length === 0) return 'a trajectory without steps';
  if (numberOf(reward) === null) return 'a trajectory without its reward';
  const taken = steps.filter(isObject);
  const task = taskOf(episode);
  const talk = messagesOf(taken.at(-1)?.chat_completions);
  const said = taken.map(({ model_response }) => textOf(model_response)).filter((text) => text !== '');
  return present({
    episode: episode.episode_id ?? episode.id,
    step: episode.training_step,
    epoch: episode.epoch,
    task,
    role: name,
    group: name === undefined || name === 'default_traj_name' ? task : `${task}:${textOf(name)}`,
    prompt: talk.length > 0 ? promptOf(talk) : (questionOf(episode.task) ?? task),
    response: said.length > 0 ? said.join('\n') : answersOf(talk),
    reward,
    is_correct: episode.is_correct,
    termination_reason: episode.termination_reason,
    signals: trajectory.signals,
    metrics: episode.metrics,
  });
}

/** What tells tasks apart: their name, or what stands before the number of the rollout in "task:3". */
function taskOf({ task_hash, task, episode_id, id }: Fields): string {
  const named = task_hash ?? (isObject(task) ? (task.id ?? task.task_id ?? task.uid) : null);
  if (named !== null && named !== undefined) return textOf(named);
  const [before, ...after] = textOf(episode_id ?? id).split(':');
  return after.length > 0 ? before : textOf(task);
}

const questionOf = (task: unknown): unknown =>
  isObject(task) ? (task.question ?? task.instruction ?? task.prompt ?? task.problem) : task;
