/**
 * Each prompt's responses in order of reward, as marks coloured and shaped by the truth, with the kept ones framed
 * and the dropped ones faint: the filter seen at work. One stop for the keyboard; arrow keys walk the marks.
 */
import { type KeyboardEvent, memo, useEffect, useMemo, useRef, useState } from 'react';
import type { SampleColumns } from '../../lab/records/record.ts';
import { format } from '../charts/curves/curves.ts';
import { Explain } from '../charts/Explain.tsx';
import { useEntrance } from '../parts/motion.ts';
import { groupsByReward, type RankedGroup, scoreColour, truthOf, truthPath, truthText } from './ranking.ts';
import styles from './strips.module.css';

export interface RankStripsProps {
  samples: SampleColumns;
  iteration: number;
  /** Row of the selected response, or null. */
  selected: number | null;
  onSelect: (row: number) => void;
  /** What the problem asks for, for tooltips; known once the world is built. */
  promptOf?: (problem: number) => string;
  /** A person follows the loop: the responses of each iteration come in, all of them as one layer. */
  moving?: boolean;
  /** The reward is the true score seen through a drawn curve. */
  synthetic?: boolean;
}

/** More groups than this wait behind a button: thousands of marks would slow every iteration. */
const page = 64;

const wordsFor = (samples: SampleColumns, row: number, rank: number, size: number) => {
  const uses = samples.uses[row];
  const kept = uses === 0 ? 'dropped' : uses === 1 ? 'kept' : `kept ${uses} times`;
  return (
    `rank ${rank + 1} of ${size}, reward ${format(samples.reward[row], 2)}, ` +
    `score ${format(samples.score[row], 2)}, ${truthText[truthOf(samples.score[row])]}, ${kept}`
  );
};

export const RankStrips = memo(function RankStrips(props: RankStripsProps) {
  const { samples, selected } = props;
  const groups = useMemo(() => groupsByReward(samples), [samples]);
  const [limit, setLimit] = useState(page);
  const shown = groups.slice(0, limit);
  const [focused, setFocused] = useState<[group: number, rank: number]>([0, 0]);
  const grid = useRef<HTMLUListElement>(null);
  const kept = samples.uses.reduce((sum, uses) => sum + (uses > 0 ? 1 : 0), 0);

  useEntrance(grid, props.iteration, props.moving ?? false);

  // The tab stop follows the selection that other panels make.
  useEffect(() => {
    if (selected === null) return;
    const group = groups.findIndex((each) => each.rows.includes(selected));
    if (group >= 0) setFocused([group, groups[group].rows.indexOf(selected)]);
  }, [selected, groups]);

  const stop: [number, number] = [Math.min(focused[0], shown.length - 1), focused[1]];

  const onKeyDown = (event: KeyboardEvent) => {
    const cell = (event.target as HTMLElement).closest<HTMLElement>('[data-cell]');
    if (!cell) return;
    const [group, rank] = cell.dataset.cell!.split(',').map(Number);
    const last = shown[group].rows.length - 1;
    let to: [number, number];
    if (event.key === 'ArrowRight') to = rank < last ? [group, rank + 1] : [group + 1, 0];
    else if (event.key === 'ArrowLeft')
      to = rank > 0 ? [group, rank - 1] : [group - 1, shown[group - 1]?.rows.length - 1];
    else if (event.key === 'ArrowDown') to = [group + 1, rank];
    else if (event.key === 'ArrowUp') to = [group - 1, rank];
    else if (event.key === 'Home') to = [group, 0];
    else if (event.key === 'End') to = [group, last];
    else return;
    event.preventDefault();
    event.stopPropagation();
    if (!shown[to[0]]) return;
    to[1] = Math.min(to[1], shown[to[0]].rows.length - 1);
    setFocused(to);
    grid.current?.querySelector<HTMLElement>(`[data-cell="${to[0]},${to[1]}"]`)?.focus();
  };

  return (
    <section className={styles.strips} aria-label="Rank strips">
      <header className={styles.head}>
        <h3>Responses by reward</h3>
        <Explain
          name="rank strips"
          what="One strip per prompt: its responses in order of reward, best on the left. Colour and shape show the truth that the reward model does not see. Framed responses are learned from; faint ones are dropped by the filter."
        />
        <Key />
        <span className={styles.count}>
          iteration {props.iteration}: {kept} of {samples.uses.length} kept
          {props.synthetic ? ' · synthetic reward' : ''}
        </span>
      </header>
      <ul
        ref={grid}
        aria-label="Responses in order of reward; arrow keys move, Enter opens"
        className={styles.grid}
        onKeyDown={onKeyDown}
      >
        {shown.map((group, index) => (
          <Strip
            key={group.group}
            samples={samples}
            group={group}
            index={index}
            stop={stop[0] === index ? stop[1] : -1}
            selected={selected !== null && group.rows.includes(selected) ? selected : null}
            onSelect={props.onSelect}
            prompt={props.promptOf?.(group.problem) ?? ''}
          />
        ))}
      </ul>
      {groups.length > limit ? (
        <button type="button" onClick={() => setLimit(limit + page)}>
          {Math.min(page, groups.length - limit)} more prompts
        </button>
      ) : null}
    </section>
  );
});

interface StripProps {
  samples: SampleColumns;
  group: RankedGroup;
  index: number;
  /** Rank that is the tab stop, or -1. */
  stop: number;
  selected: number | null;
  onSelect: (row: number) => void;
  prompt: string;
}

const Strip = memo(function Strip({ samples, group, index, stop, selected, onSelect, prompt }: StripProps) {
  return (
    <li className={styles.strip} aria-label={`prompt ${group.group + 1}${prompt ? `: ${prompt}` : ''}`}>
      <span className={styles.number} aria-hidden="true" title={prompt}>
        {group.group + 1}
      </span>
      {group.rows.map((row, rank) => {
        const truth = truthOf(samples.score[row]);
        const uses = samples.uses[row];
        const text = wordsFor(samples, row, rank, group.rows.length);
        return (
          <button
            type="button"
            key={row}
            data-cell={`${index},${rank}`}
            data-kept={uses > 0}
            data-printed
            data-truth={truth}
            className={styles.cell}
            tabIndex={stop === rank ? 0 : -1}
            aria-pressed={row === selected}
            aria-label={`prompt ${group.group + 1}, ${text}`}
            title={`${prompt ? `${prompt}\n` : ''}${text}`}
            onClick={() => onSelect(row)}
          >
            <svg viewBox="0 0 16 16" width="13" height="13" aria-hidden="true">
              <path d={truthPath[truth]} style={{ fill: scoreColour(samples.score[row]) }} />
            </svg>
            {uses > 1 ? <small>{uses}</small> : null}
          </button>
        );
      })}
    </li>
  );
});

/** What shapes and frames mean. */
function Key() {
  return (
    <ul className={styles.key}>
      {(['pass', 'part', 'fail'] as const).map((truth) => (
        <li key={truth}>
          <svg viewBox="0 0 16 16" width="12" height="12" aria-hidden="true">
            <path
              d={truthPath[truth]}
              style={{ fill: scoreColour({ pass: 1, part: 0.5, fail: 0 }[truth]) }}
            />
          </svg>
          {truthText[truth]}
        </li>
      ))}
      <li>
        <i className={styles.keyKept} aria-hidden="true" /> kept
      </li>
    </ul>
  );
}
