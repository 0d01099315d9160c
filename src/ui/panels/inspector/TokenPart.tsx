/**
 * What the arm's update does to one token: its formula with the numbers of this token, the responses that it is compared
 * with, and how the other updates would treat it. The numbers come from the losses that train (src/rlhf/update/part).
 */
import { useMemo, useState } from 'react';
import { methodOf } from '../../../rlhf/catalogue/catalogue.ts';
import type { UpdateMethod } from '../../../rlhf/slots.ts';
import { updates } from '../../../rlhf/update/index.ts';
import { type Answer, type Part, partOf, type Seen } from '../../../rlhf/update/part/part.ts';
import { format } from '../../charts/curves/curves.ts';
import { Explain } from '../../charts/Explain.tsx';
import { withIndices } from '../../parts/Formula.tsx';
import { TableHead } from '../../parts/TableHead.tsx';
import styles from './tokenPart.module.css';

export interface TokenPartProps {
  seen: Seen;
  row: number;
  token: number;
  /** The token as it is written. */
  text: string;
  onClose: () => void;
}

const pushText =
  'How strongly the update moves the log-probability of this token, in a step on it and some forty other responses that were kept. Above 0 it becomes likelier. With PPO, before any step, it is the advantage; the other updates are on the same scale.';

/** Columns of 32 bits leave a rest where a difference is none. */
const settled = (difference: number) => (Math.abs(difference) < 1e-4 ? 0 : difference);

/** How far the slider goes, in nats either way. */
const furthest = 0.7;

export function TokenPart({ seen, row, token, text, onClose }: TokenPartProps) {
  const [shift, setShift] = useState(0);
  const update = methodOf('update', seen.settings.update.method);
  const answer = useMemo(() => partOf(update, seen, row, token, shift), [update, seen, row, token, shift]);
  const place = seen.samples.starts[row] + token;
  const logProb = seen.samples.logProb[place];
  const start = seen.samples.refLogProb[place];
  return (
    <section className={styles.part} aria-label={`Part of token ${token + 1} in the update`}>
      <header>
        <h4>
          {update.label} and the token <code>{text}</code>
        </h4>
        <button type="button" onClick={onClose} aria-label="Close the token">
          ✕
        </button>
      </header>
      {seen.samples.uses[row] === 0 ? (
        <p>The filter dropped this response: it has no part in the update. Had it been kept:</p>
      ) : null}
      <p role="status">{inWords(answer, update)}</p>
      <p className={styles.formula}>{withIndices(update.formula)}</p>
      <dl className={styles.numbers}>
        <Entry name="log π_old" value={logProb} />
        <Entry name="log π_SFT" value={start} />
        <Entry name="KL" value={settled(logProb - start)} />
        {Object.entries(update.knobs).map(([key, knob]) => {
          const value = (seen.settings.update as Record<string, unknown>)[key];
          return typeof value === 'number' && knob.applies?.(seen.settings.update) !== false ? (
            <Entry key={key} name={knob.label} value={value} />
          ) : null;
        })}
        {'part' in answer ? <Numbers part={answer.part} logProb={logProb} /> : null}
      </dl>
      <label className={styles.shift}>
        <span>
          If the update has already moved this token: <b>ρ = {format(Math.exp(shift), 2)}</b>
        </span>
        <input
          type="range"
          min={-furthest}
          max={furthest}
          step={0.02}
          value={shift}
          aria-valuetext={`ratio ${format(Math.exp(shift), 2)}`}
          onChange={(event) => setShift(event.target.valueAsNumber)}
        />
      </label>
      {'part' in answer && answer.part.sides.length > 1 ? (
        <Sides part={answer.part} seen={seen} row={row} />
      ) : null}
      <Others seen={seen} row={row} token={token} shift={shift} own={update.id} />
      <Fewer seen={seen} />
    </section>
  );
}

function Entry({ name, value, what }: { name: string; value: number; what?: string }) {
  return (
    <div>
      <dt>
        {withIndices(name)}
        {what ? <Explain name={name} what={what} /> : null}
      </dt>
      <dd>{format(value, 3)}</dd>
    </div>
  );
}

function Numbers({ part, logProb }: { part: Part; logProb: number }) {
  return (
    <>
      <Entry name="ratio ρ" value={part.ratio} />
      {part.ratio === 1 ? null : <Entry name="log π" value={logProb + Math.log(part.ratio)} />}
      {part.advantage === null ? null : <Entry name="advantage A" value={part.advantage} />}
      <Entry
        name={part.of === 'token' ? 'its term of the loss' : 'loss of its example'}
        value={part.term}
        what={
          part.of === 'token'
            ? 'What the loss would be if this token were all that is learned from.'
            : 'Here a token has no loss of its own: this is the loss of the responses that it belongs to, alone.'
        }
      />
      <Entry name="push" value={settled(part.push)} what={pushText} />
    </>
  );
}

/** The responses that the loss compares, side by side. */
function Sides({ part, seen, row }: { part: Part; seen: Seen; row: number }) {
  const { reward } = seen.samples;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
    <section className={styles.scroll} tabIndex={0} aria-label="Responses that are compared">
      <table>
        <thead>
          <tr>
            <th scope="col">compared</th>
            <th scope="col">reward</th>
            <th scope="col">tokens</th>
            <th scope="col">log π</th>
            <th scope="col">log π − log π{<sub>ref</sub>}</th>
            <th scope="col">push per token</th>
          </tr>
        </thead>
        <tbody>
          {part.sides.map((side, at) => (
            <tr key={side.row} aria-current={side.row === row ? 'true' : undefined}>
              <th scope="row">
                {at === 0 ? 'better' : at === part.sides.length - 1 ? 'worse' : `place ${at + 1}`}
                {side.row === row ? ', this one' : ''}
              </th>
              <td>{format(reward[side.row], 3)}</td>
              <td>{side.tokens}</td>
              <td>{format(side.nats, 2)}</td>
              <td>{format(settled(side.nats - side.refNats), 2)}</td>
              <td>{format(settled(side.push), 3)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Others(props: Pick<TokenPartProps, 'seen' | 'row' | 'token'> & { shift: number; own: string }) {
  const [open, setOpen] = useState(false);
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>How other updates would treat it, at their initial settings</summary>
      {open ? <OthersTable {...props} /> : null}
    </details>
  );
}

function OthersTable(props: Pick<TokenPartProps, 'seen' | 'row' | 'token'> & { shift: number; own: string }) {
  const { seen, row, token, shift, own } = props;
  const others = useMemo(
    () =>
      updates
        .filter(({ id }) => id !== own)
        .map((update) => ({ update, answer: partOf(update, seen, row, token, shift) })),
    [seen, row, token, shift, own],
  );
  return (
    <table className={styles.others}>
      <TableHead names={['update', 'push', 'what becomes of the token']} />
      <tbody>
        {others.map(({ update, answer }) => (
          <tr key={update.id}>
            <th scope="row">{update.label}</th>
            <td>{'part' in answer ? format(settled(answer.part.push), 3) : '–'}</td>
            <td>{inWords(answer, update)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** A recording holds the first prompts of an iteration only. */
function Fewer({ seen }: { seen: Seen }) {
  const { training, order } = seen.settings;
  const { prompts, perPrompt } = methodOf('order', order.method).asks(training);
  const rows = seen.samples.reward.length;
  if (rows >= prompts * perPrompt) return null;
  return (
    <p className={styles.note}>
      Computed from the {rows} responses of this iteration that are kept here; {prompts * perPrompt} were
      asked for, so means over all of them differ.
    </p>
  );
}

function inWords(answer: Answer, { label }: Pick<UpdateMethod, 'label'>): string {
  if ('none' in answer) return answer.none;
  if ('unknown' in answer) return answer.unknown;
  const { push, advantage, ratio, of, sides } = answer.part;
  if (settled(push) !== 0) return push > 0 ? 'It becomes likelier.' : 'It becomes less likely.';
  if (advantage !== null && Math.abs(advantage) < 1e-9)
    return 'It stays as it is: its advantage is 0, so there is nothing to learn from it.';
  if (advantage !== null && ratio !== 1)
    return `It gets no gradient: ${of === 'token' ? 'it' : 'its response'} has moved as far as the clip lets one update move it that way.`;
  return sides.length > 1
    ? 'It stays as it is: what pulls it up and what pulls it down are equal.'
    : `${label} leaves it as it is.`;
}
