/**
 * A frozen policy that a value network steers: one held-out problem, a few responses, and what guidance did to each of
 * their tokens. The slider of η acts at once.
 */
import { useEffect, useState } from 'react';
import type { GuideRule } from '../../../core/decoding/guidance.ts';
import { grouped } from '../../../core/numberText.ts';
import { labError } from '../../../lab/trainer/errors.ts';
import type { SteerAnswer, SteerAsk } from '../../../lab/trainer/steer.ts';
import { guided, type Values } from '../../../rlhf/sample/decode/guided.ts';
import { worldSize } from '../../../tasks/world.ts';
import { format } from '../../charts/curves/curves.ts';
import knobs from '../../knobs/knobs.module.css';
import { SliderField } from '../../knobs/SliderField.tsx';
import { Choice } from '../../parts/Choice.tsx';
import { Panel } from '../../parts/Panel.tsx';
import { useLab, useLaboratory } from '../../useLab.ts';
import { StarFigure } from './StarFigure.tsx';
import { SteeredTokens } from './SteeredTokens.tsx';
import styles from './steering.module.css';
import { TreeFigure } from './TreeFigure.tsx';

const { rule: ruleKnob, values: valuesKnob, eta: etaKnob, candidates } = guided.knobs;
const held = worldSize.held.tier1 + worldSize.held.tier2 + worldSize.held.tier3;
const samples = 8;

export function SteeringPanel() {
  const laboratory = useLaboratory();
  const seed = useLab((state) => state.seed);
  const models = useLab((state) => state.models);
  const [problem, setProblem] = useState(40);
  const [rule, setRule] = useState<GuideRule>('q-sharp');
  const [values, setValues] = useState<Values>('pass');
  const [eta, setEta] = useState(etaKnob.initial as number);
  const [answer, setAnswer] = useState<SteerAnswer | null>(null);
  const [failed, setFailed] = useState<string | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: other models need a worker of their own
  useEffect(() => () => laboratory.steering.close(), [laboratory, models]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: other models give another answer
  useEffect(() => {
    const inverse = eta >= etaKnob.max ? 0 : 1 / eta;
    const ask: SteerAsk = { problem, rule, values, inverse, candidates: candidates.initial, samples, seed };
    let here = true;
    laboratory.steering.ask(ask).then(
      (next) => {
        if (!here || !next) return;
        setAnswer(next);
        setFailed(null);
      },
      (thrown: unknown) => here && setFailed(labError(thrown).message),
    );
    return () => {
      here = false;
    };
  }, [laboratory, problem, rule, values, eta, seed, models]);
  return (
    <Panel title="Steering without training" closes="steering">
      <p className={styles.lead}>
        The starting policy, as it is. A value network says after every token how likely the program is to
        pass, and the draw leans that way: strongly for a small η, not at all at its end.
      </p>
      <div className={styles.controls}>
        <div className={knobs.knob}>
          <div className={knobs.label}>{etaKnob.label}</div>
          <SliderField
            label={etaKnob.label}
            value={eta}
            min={etaKnob.min}
            max={etaKnob.max}
            step={etaKnob.step}
            log
            integer={false}
            live
            onChange={setEta}
          />
        </div>
        <div className={knobs.knob}>
          <div className={knobs.label}>Held-out problem</div>
          <SliderField
            label="Held-out problem"
            value={problem + 1}
            min={1}
            max={held}
            step={1}
            integer
            onChange={(value) => setProblem(value - 1)}
          />
        </div>
        <div className={knobs.knob}>
          <div className={knobs.label}>{ruleKnob.label}</div>
          <Choice label={ruleKnob.label} value={rule} options={ruleKnob.options} onChange={setRule} />
        </div>
        <div className={knobs.knob}>
          <div className={knobs.label}>{valuesKnob.label}</div>
          <Choice label={valuesKnob.label} value={values} options={valuesKnob.options} onChange={setValues} />
        </div>
      </div>
      {failed === null ? null : (
        <p className={knobs.problem} role="alert">
          {failed}
        </p>
      )}
      {answer === null ? (
        failed === null ? (
          <p>Opening a worker of its own …</p>
        ) : null
      ) : (
        <Answer answer={answer} />
      )}
      <SmallWorlds />
    </Panel>
  );
}

/** Drawn once they are asked for: the panel is about the problem above. */
function SmallWorlds() {
  const [open, setOpen] = useState(false);
  return (
    <details className={styles.worlds} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>Two small worlds that show why: a tree and a star graph</summary>
      {open ? (
        <div>
          <div>
            <h3>The tree: the mean is not enough</h3>
            <TreeFigure />
          </div>
          <div>
            <h3>The star graph: imitation stops at chance</h3>
            <StarFigure />
          </div>
        </div>
      ) : null}
    </details>
  );
}

function Answer({ answer }: { answer: SteerAnswer }) {
  const { responses, ask, prompt } = answer;
  const passed = responses.filter(({ score }) => score === 1).length;
  const kl = responses.map(({ tokens }) => tokens.reduce((sum, token) => sum + token.kl, 0));
  const mean = kl.reduce((sum, value) => sum + value, 0) / kl.length;
  const eta = ask.inverse === 0 ? 'without guidance' : `η ${format(1 / ask.inverse, 2)}`;
  return (
    <>
      <p className={styles.sum} role="status">
        “{prompt}”, {eta}:{' '}
        <b>
          {grouped(passed)} of {grouped(responses.length)} pass
        </b>
        , {format(mean, 2)} nats from the starting policy on average.
      </p>
      <SteeredTokens responses={responses} />
    </>
  );
}
