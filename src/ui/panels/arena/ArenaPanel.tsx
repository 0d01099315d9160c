/** The decode arena: Best-of-N and Speculative Rejection on the same prompts, live, lane by lane. */
import { useState } from 'react';
import type { Side } from '../../../lab/arena/arena.ts';
import { type ArenaKnobs, arenaKnobs } from '../../../lab/arena/knobs.ts';
import { initialValues } from '../../../rlhf/catalogue/knobs.ts';
import { KnobField } from '../../knobs/KnobField.tsx';
import parts from '../../parts/parts.module.css';
import { useActiveArm, useLaboratory } from '../../useLab.ts';
import { ArenaReportView } from './ArenaReportView.tsx';
import styles from './arena.module.css';
import { Lanes } from './Lanes.tsx';
import { useArena } from './useArena.ts';

const titles: Record<Side, string> = { bon: 'Best-of-N', rejection: 'Speculative Rejection' };

export function ArenaPanel() {
  const laboratory = useLaboratory();
  const arm = useActiveArm();
  const [knobs, setKnobs] = useState<ArenaKnobs>(initialValues(arenaKnobs));
  const [prompt, setPrompt] = useState(0);
  const { run, start } = useArena(laboratory);
  const critic =
    arm && !arm.recorded && arm.iterations.length > 0 && arm.settings.update.method === 'ppo' ? arm : null;
  const refuse = (name: keyof ArenaKnobs) => (value: unknown) =>
    name === 'cutBy' && value === 'value' && !critic
      ? 'There is no critic yet: train an arm with PPO for an iteration, and choose it.'
      : null;
  const lacksCritic = knobs.cutBy === 'value' && !critic;
  const shown = Math.min(prompt, Math.max(0, (run?.problems.length ?? 1) - 1));
  const busy = run !== null && run.results === null && run.failure === null;
  return (
    <div className={styles.arena}>
      <p className={styles.lead}>
        Two ways to spend a budget of tokens on the same held-out prompts, with the same policy and the same
        random numbers. Best-of-N writes N responses to their ends and takes the one of highest reward.
        Speculative Rejection begins the same N; whenever their memory is full, it scores what is written so
        far and cuts the worst. The policy and the reward models are those that new arms of this page start
        with.
      </p>
      <div className={styles.knobs}>
        {(Object.keys(arenaKnobs) as (keyof ArenaKnobs)[]).map((name) => (
          <KnobField
            key={name}
            name={`arena-${name}`}
            knob={arenaKnobs[name]}
            value={knobs[name]}
            refuse={refuse(name)}
            onCommit={(value) => setKnobs((before) => ({ ...before, [name]: value }) as ArenaKnobs)}
          />
        ))}
      </div>
      <div className={styles.bar}>
        <button
          type="button"
          className={parts.primary}
          aria-disabled={lacksCritic}
          onClick={() => lacksCritic || void start(knobs, critic)}
        >
          {run ? 'Run again' : 'Run both'}
        </button>
        {run && run.problems.length > 0 ? (
          <label className={styles.prompt}>
            Prompt
            <select value={shown} onChange={(event) => setPrompt(Number(event.target.value))}>
              {run.problems.map(({ id, prompt: text }, i) => (
                <option key={id} value={i}>
                  {i + 1}. {text}
                </option>
              ))}
            </select>
          </label>
        ) : null}
        <p role="status" className={styles.status}>
          {lacksCritic
            ? 'To cut by value, train an arm with PPO for an iteration, and choose it: there is no critic yet.'
            : busy
              ? 'Writing …'
              : (run?.failure ?? '')}
        </p>
      </div>
      {run && run.problems.length > 0 ? (
        <div className={styles.sides}>
          {(['bon', 'rejection'] as const).map((side) => (
            <Lanes
              key={side}
              title={titles[side]}
              now={run.now[side] ?? null}
              prompt={shown}
              lanes={run.knobs.lanes}
              limit={side === 'rejection' && run.knobs.alpha > 0 ? run.knobs.memory : null}
              answer={run.results?.[shown].outcomes[side] ?? null}
              passes={run.passes?.[side][shown] ?? null}
            />
          ))}
        </div>
      ) : null}
      {run?.report && run.results ? (
        <ArenaReportView report={run.report} passes={run.passes} knobs={run.knobs} />
      ) : null}
    </div>
  );
}
